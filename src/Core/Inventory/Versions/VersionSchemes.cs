namespace ImageScan.Core.Inventory.Versions;

/// <summary>Which order of versions an ecosystem of OSV has (osv.dev go/osv/ecosystem/ecosystem.go).</summary>
public static class VersionSchemes
{
    private static readonly DpkgVersionScheme Dpkg = new();
    private static readonly ApkVersionScheme Apk = new();
    private static readonly RpmVersionScheme Rpm = new();
    private static readonly SemVerVersionScheme SemVer = new();
    private static readonly NpmVersionScheme Npm = new();
    private static readonly Pep440VersionScheme Pep440 = new();
    private static readonly NuGetVersionScheme NuGet = new();
    private static readonly RubyGemsVersionScheme RubyGems = new();
    private static readonly MavenVersionScheme Maven = new();
    private static readonly CranVersionScheme Cran = new();

    /// <summary>
    /// The order of an ecosystem by its OSV name, with or without release (<c>Debian:12</c>, <c>npm</c>); null where there is none yet,
    /// and then nobody can tell which of two versions is the older.
    /// </summary>
    public static VersionScheme? For(string osvEcosystem)
    {
        int colon = osvEcosystem.IndexOf(':');
        return (colon < 0 ? osvEcosystem : osvEcosystem.AsSpan(0, colon)) switch
        {
            "Debian" or "Ubuntu" => Dpkg,
            "Alpaquita" or "Alpine" or "BellSoft Hardened Containers" or "Chainguard" or "CleanStart" or "MinimOS" or "Wolfi" => Apk,

            // Photon OS is not in osv.dev's list, but its packages are rpms like the others'.
            "AlmaLinux" or "Azure Linux" or "Mageia" or "openEuler" or "openSUSE" or "Photon OS" or "Red Hat" or "Rocky Linux" or "SUSE" =>
                Rpm,
            "npm" => Npm,
            "Bitnami" or "crates.io" or "Go" or "Julia" or "SwiftURL" => SemVer,
            "PyPI" => Pep440,
            "NuGet" => NuGet,
            "RubyGems" => RubyGems,
            "Maven" => Maven,
            "CRAN" => Cran,
            _ => null,
        };
    }
}
