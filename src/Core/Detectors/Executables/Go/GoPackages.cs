using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Executables.Go;

/// <summary>
/// The packages of a Go program: its modules, the main one among them, and the standard library. The lines are those of
/// <c>go version -m</c> (https://pkg.go.dev/runtime/debug#BuildInfo; their form: https://go.dev/src/runtime/debug/mod.go).
/// </summary>
internal static class GoPackages
{
    /// <summary>What stands in place of a version that nobody knows: no order of versions has it, so nothing is said to be safe or not.</summary>
    public const string UnknownVersion = "(devel)";

    // The names under which the Go team files advisories about Go itself (https://go.dev/doc/security/vuln/database#schema).
    private const string StandardLibrary = "stdlib";
    private const string Toolchain = "toolchain";
    private const string GoCommand = "cmd/go";

    public static void Read(GoBuildInfo info, string path, FileFindings findings)
    {
        var lines = ModuleLines.Read(info.Modules);
        if (info.GoVersion is null)
        {
            findings.Warn("The version of Go that made this program was not found, so its standard library is not listed.");
        }
        else
        {
            string version = VersionOf(info.GoVersion);
            Add(StandardLibrary, version);
            if (lines.MainPackage == GoCommand)
            {
                Add(Toolchain, version);
            }
        }

        if (lines.Main is { } main)
        {
            Add(main.Name, MainVersionOf(main, lines.LinkerFlags));
        }

        foreach (Module module in lines.Dependencies)
        {
            Add(module.Name, module.Version);
        }

        void Add(string name, string version) => findings.Add(new Package
        {
            Type = PackageType.Go,
            Name = name,
            Version = version.Length == 0 ? UnknownVersion : version,
            Path = path,
        });
    }

    // "go1.21.3" is 1.21.3. What builders add is no part of it: "go1.22.1 X:boringcrypto", "go1.20.12 (Red Hat 1.20.12-1.el9)", "go1.21.5-1"
    // of Microsoft's. "devel go1.22-4d3fa1" stays as it is: it lies between two releases, nobody can tell where.
    private static string VersionOf(string goVersion)
    {
        if (!goVersion.StartsWith("go", StringComparison.Ordinal))
        {
            return goVersion;
        }

        int end = goVersion.AsSpan().IndexOfAny(" -+(");
        return end < 0 ? goVersion[2..] : goVersion[2..end];
    }

    // A version that the module proxy served has a checksum. One that Go 1.24 made up from a checkout without tags
    // (https://go.dev/doc/go1.24#go-command) is below every release, so it says less than nothing.
    private static string MainVersionOf(Module main, string? linkerFlags)
    {
        bool isStated = main.Version.Length > 0 && main.Version != UnknownVersion
            && (main.HasChecksum || !main.Version.StartsWith("v0.0.0-", StringComparison.Ordinal));
        return isStated ? main.Version : LinkerFlags.VersionIn(linkerFlags, main.Name) ?? UnknownVersion;
    }
}
