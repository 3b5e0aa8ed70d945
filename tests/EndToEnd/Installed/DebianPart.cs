namespace ImageScan.EndToEnd.Installed;

/// <summary>
/// A system of dpkg. Its packages bring metadata of Python and Ruby, a jar and a program that says its version, none of which is a package
/// of its own.
/// </summary>
internal sealed class DebianPart() : InstalledPart("COPY rootfs /", "apt-get", "dpkg")
{
    private const string Admin = "var/lib/dpkg";

    private static readonly string[] Installed = ["busybox", "libcommons-codec-java", "python3-requests", "python3-yaml", "ruby-rack"];

    // Unpacked and never configured; removed but for its configuration; removed altogether; installed in the last layer.
    private const string Unpacked = "libcommons-lang3-java";
    private const string Removed = "netbase";
    private const string Purged = "python3-idna";
    private const string Later = "ruby-tilt";

    private readonly Dictionary<string, string> _files = [];
    private readonly Dictionary<string, string> _versions = [];

    public override IEnumerable<InstalledRow> Expected =>
    [
        .. Installed.Append(Unpacked).Select(package => Row("dpkg", package, _versions[package], $"{Admin}/status")),
        new InstalledRow("dpkg", Later, _versions[Later], $"{Admin}/status", LastInstruction),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        foreach (string package in (string[])[.. Installed, Unpacked, Removed, Purged, Later])
        {
            _files[package] = await debian.FileAsync(package);
            _versions[package] = (await Tool.RunAsync(workshop, "dpkg-deb", "--field", _files[package], "Version")).Trim();
        }
    }

    public override async Task InstallAsync(RootFolder root)
    {
        root.Write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        root.FolderOf($"{Admin}/info");
        root.FolderOf($"{Admin}/updates");
        root.Write($"{Admin}/status", "");

        await DpkgAsync(root, ["--unpack", .. _files.Where(file => file.Key != Later).Select(file => file.Value)]);
        DropScripts(root);
        await DpkgAsync(root, ["--configure", .. Installed, Removed, Purged]);
        await Tool.RunAsync(
            root.Path, new Dictionary<string, string?>(), "python3-yaml hold\n", "dpkg", $"--root={root.Path}", "--force-not-root", "--set-selections");
    }

    public override async Task CleanUpAsync(RootFolder root)
    {
        await DpkgAsync(root, "--remove", Removed);
        await DpkgAsync(root, "--purge", Purged);
        await DpkgAsync(root, "--unpack", _files[Later]);
    }

    /// <summary>The states that dpkg has written, <c>PACKAGE: STATUS</c>.</summary>
    public static async Task<string[]> StatesAsync(RootFolder root) =>
        (await Tool.RunAsync(root.Path, "dpkg-query", $"--admindir={root.Of(Admin)}", "--show", "--showformat=${Package}: ${Status}\n"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // There is no shell in that root that could run them.
    private static void DropScripts(RootFolder root)
    {
        foreach (string script in (string[])["postinst", "prerm", "postrm"])
        {
            Array.ForEach(Directory.GetFiles(root.Of($"{Admin}/info"), $"*.{script}"), File.Delete);
        }
    }

    private static Task<string> DpkgAsync(RootFolder root, params string[] arguments) =>
        Tool.RunAsync(root.Path, ["dpkg", $"--root={root.Path}", "--force-depends,not-root,bad-path", "--log=/dev/null", .. arguments]);
}
