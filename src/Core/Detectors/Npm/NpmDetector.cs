using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Npm;

/// <summary>
/// Reads installed Node packages: the <c>package.json</c> at the root of each package in a <c>node_modules</c> folder, as npm, yarn and
/// pnpm (also its <c>.pnpm</c> store) lay them out; and package managers that lie elsewhere.
/// </summary>
public sealed partial class NpmDetector : IPackageDetector
{
    private const string Modules = "node_modules";

    // Far more than the description of a package needs: the texts of a package (README, changelog) are not in it.
    private const int MaxBytes = 4 << 20;

    private static readonly HashSet<string> TestFolders =
        ["test", "tests", "__tests__", "testdata", "fixture", "fixtures", "__fixtures__", "test-fixtures"];

    private static readonly HashSet<string> OtherIdleFolders = ["benchmark", "benchmarks", "demo", "demos", "example", "examples", "template", "templates"];

    public string Name => "npm";

    public int Version => 6;

    public IReadOnlyList<string> FixedPaths => [];

    public bool LooksIn(string folder) =>
        folder.EndsWith(Modules, StringComparison.Ordinal) && (folder.Length == Modules.Length || folder[^(Modules.Length + 1)] == '/');

    public bool Wants(string path) =>
        path.EndsWith("/package.json", StringComparison.Ordinal)
        && (path.Split('/')[..^1] is var folders && (IsPackageRoot(folders) || IsCarried(folders) || IsOfDebian(folders)) || PackageManager().IsMatch(path));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var json = new byte[Math.Min(entry.Size, MaxBytes + 1)];
        int length = content.ReadAtLeast(json, json.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
        {
            findings.Warn($"This package.json has more than {MaxBytes} bytes and was not read.");
            return;
        }

        string[] folders = entry.Path.Split('/')[..^1];
        bool isCarried = !IsPackageRoot(folders) && IsCarried(folders);
        try
        {
            var manifest = PackageManifest.Read(json.AsSpan(0, length));
            if (manifest is { Name.Length: > 0, Version.Length: > 0 } && (!isCarried || IsCopyOfAPackage(manifest, folders)))
            {
                findings.Add(new Package
                {
                    Type = PackageType.Npm,
                    Name = manifest.Name,
                    Version = manifest.Version,
                    License = manifest.License,
                    Path = entry.Path,
                });
            }
        }
        catch (JsonException) when (isCarried)
        {
            // Whatever it is, no installation stands there.
        }
        catch (JsonException e)
        {
            findings.Warn($"This package.json is no valid JSON (line {e.LineNumber + 1}).");
        }
    }

    // …/node_modules/NAME or …/node_modules/@SCOPE/NAME. What a package carries in the node_modules of its tests is no installed package:
    // "resolve" alone brings a dozen of those.
    private static bool IsPackageRoot(string[] folders)
    {
        int last = Array.LastIndexOf(folders, Modules);
        bool isRoot = last >= 0 && IsName(folders[(last + 1)..]);
        return isRoot && !Enumerable.Range(0, last).Any(i =>
            TestFolders.Contains(folders[i]) && (IsInsideAPackage(folders, i) || (IsOfFixtures(folders[i]) && !IsInModules(folders, i))));
    }

    // Debian's packages put modules into nodejs folders, to which node_modules may be a link
    // (https://wiki.debian.org/Javascript/Policy).
    private static bool IsOfDebian(string[] folders) =>
        folders is ["usr", "share", "nodejs", .. var ofAll] && IsName(ofAll) || folders is ["usr", "lib", _, "nodejs", .. var ofMachine] && IsName(ofMachine);

    private static bool IsName(string[] folders) => folders is [not ['@' or '.', ..]] or [['@', _, ..], not ['.', ..]];

    // Deeper in a package, where next keeps copies of others (dist/compiled/react-refresh). Most such files only steer the loader.
    private static bool IsCarried(string[] folders)
    {
        int last = Array.LastIndexOf(folders, Modules);
        int root = last + (last >= 0 && last + 1 < folders.Length && folders[last + 1].StartsWith('@') ? 2 : 1);
        return last >= 0
            && root < folders.Length - 1
            && IsPackageRoot(folders[..(root + 1)])
            && !folders[(root + 1)..].Any(folder => folder.StartsWith('.') || TestFolders.Contains(folder) || OtherIdleFolders.Contains(folder));
    }

    // A copy stands in a folder of its name and keeps the licence of its publisher; parts of the package itself ("dist", "esm") do not.
    private static bool IsCopyOfAPackage(PackageManifest manifest, string[] folders) =>
        manifest is { IsPrivate: false, License: not null }
        && (manifest.Name == folders[^1] || (folders[^2].StartsWith('@') && manifest.Name == $"{folders[^2]}/{folders[^1]}"));

    // An application may well run in a folder that is called test, but not in one of fixtures.
    private static bool IsOfFixtures(string folder) => folder is not ("test" or "tests");

    private static bool IsInModules(string[] folders, int i) => Array.IndexOf(folders, Modules) < i;

    // False also for a package's own name: there are packages that are called test, and fixtures.
    private static bool IsInsideAPackage(string[] folders, int i)
    {
        int modules = Array.IndexOf(folders, Modules);
        bool isName = i > 0 && folders[i - 1] == Modules;
        bool isNameInScope = i > 1 && folders[i - 2] == Modules && folders[i - 1].StartsWith('@');
        return modules < i && !isName && !isNameInScope;
    }

    // The official images of Node unpack yarn below /opt (https://github.com/nodejs/docker-node); Corepack fetches what it starts into
    // COREPACK_HOME (https://github.com/nodejs/corepack#environment-variables).
    [GeneratedRegex(
        "(?:^|/)(?:yarn-v[0-9][^/]*|node/corepack/(?:v1/)?(?:npm|pnpm|yarn)/[0-9][^/]*)/package[.]json$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PackageManager();
}
