using System.Text.Json;

namespace ImageScan.EndToEnd.Installed;

/// <summary>
/// An application of Node.js. Of its packages, <c>mkdirp</c> demands a minimist of its own, and <c>resolve</c> comes with folders of test
/// fixtures that have a <c>package.json</c>.
/// </summary>
internal sealed class NpmPart() : InstalledPart("RUN npm install", "npm", "node")
{
    private const string App = "srv/app";
    private const string Store = "srv/linked/node_modules/.pnpm/ms@2.0.0/node_modules/ms";

    // All that npm would choose itself is pinned too.
    private static readonly string[] Wanted =
    [
        "@sindresorhus/is@4.0.0", "function-bind@1.1.1", "has@1.0.3", "is-core-module@2.2.0", "lodash@4.17.20", "minimist@1.2.5", "mkdirp@0.5.1",
        "ms@2.0.0", "path-parse@1.0.6", "resolve@1.20.0",
    ];

    private string _workshop = "";

    public override IEnumerable<InstalledRow> Expected =>
    [
        Package("@sindresorhus/is", "4.0.0", $"{App}/node_modules/@sindresorhus/is"),
        Package("function-bind", "1.1.1", $"{App}/node_modules/function-bind"),
        Package("has", "1.0.3", $"{App}/node_modules/has"),
        Package("is-core-module", "2.2.0", $"{App}/node_modules/is-core-module"),
        Package("lodash", "4.17.20", $"{App}/node_modules/lodash"),
        Package("minimist", "0.0.8", $"{App}/node_modules/mkdirp/node_modules/minimist"),
        Package("minimist", "1.2.6", $"{App}/node_modules/minimist") with { Instruction = LastInstruction },
        Package("mkdirp", "0.5.1", $"{App}/node_modules/mkdirp"),
        Package("ms", "2.0.0", Store),
        Package("path-parse", "1.0.6", $"{App}/node_modules/path-parse"),
        Package("resolve", "1.20.0", $"{App}/node_modules/resolve"),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _workshop = workshop;
        await File.WriteAllTextAsync(Path.Combine(workshop, "package.json"), JsonSerializer.Serialize(new { name = "app", version = "1.0.0" }));
        await InstallAsync(Wanted);
    }

    public override async Task InstallAsync(RootFolder root)
    {
        root.FolderOf(App);
        await Tool.RunAsync(root.Path, "cp", "-r", $"{_workshop}/.", root.Of(App));
        Assert.True(File.Exists(root.Of($"{App}/node_modules/resolve/test/resolver/multirepo/package.json")));

        // As pnpm does it: the package lies in a store, and the application has a link to it (https://pnpm.io/symlinked-node-modules-structure).
        root.FolderOf(Path.GetDirectoryName(Store)!);
        Directory.Move(root.Of($"{App}/node_modules/ms"), root.Of(Store));
        Directory.CreateSymbolicLink(root.Of("srv/linked/node_modules/ms"), ".pnpm/ms@2.0.0/node_modules/ms");

        await Tool.RunAsync(root.Path, "cp", "-r", root.Of(App), root.Of("srv/gone"));
    }

    public override async Task CleanUpAsync(RootFolder root)
    {
        Directory.Delete(root.Of("srv/gone"), recursive: true);
        await InstallAsync("minimist@1.2.6");
        await Tool.RunAsync(root.Path, "cp", "-r", $"{_workshop}/node_modules/minimist/.", root.Of($"{App}/node_modules/minimist"));
    }

    private Task<string> InstallAsync(params string[] packages) =>
        Tool.RunAsync(_workshop, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", .. packages]);

    private InstalledRow Package(string name, string version, string folder) => Row("npm", name, version, $"{folder}/package.json");
}
