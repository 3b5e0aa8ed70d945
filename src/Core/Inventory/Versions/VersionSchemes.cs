namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Which order of versions an ecosystem of OSV has (https://github.com/google/osv.dev/blob/master/go/osv/ecosystem/ecosystem.go), and those that
/// OSV does not know.
/// </summary>
public static class VersionSchemes
{
    private static readonly DpkgVersionScheme Dpkg = new();
    private static readonly ApkVersionScheme Apk = new();
    private static readonly RpmVersionScheme Rpm = new();
    private static readonly SemVerVersionScheme SemVer = new();
    private static readonly NpmVersionScheme Npm = new();
    private static readonly GoVersionScheme Go = new();
    private static readonly Pep440VersionScheme Pep440 = new();
    private static readonly NuGetVersionScheme NuGet = new();
    private static readonly RubyGemsVersionScheme RubyGems = new();
    private static readonly MavenVersionScheme Maven = new();
    private static readonly CranVersionScheme Cran = new();
    private static readonly PackagistVersionScheme Packagist = new();
    private static readonly PubVersionScheme Pub = new();
    private static readonly BitnamiVersionScheme Bitnami = new();

    // OSV knows nothing of these; the names are ours.
    private static readonly AlpmVersionScheme Alpm = new();
    private static readonly CondaVersionScheme Conda = new();
    private static readonly PhpVersionScheme Php = new();
    private static readonly GenericVersionScheme Generic = new();

    /// <summary>
    /// The order of an ecosystem by its OSV name, with or without release (<c>Debian:12</c>, <c>npm</c>), or of <c>Arch</c>, <c>conda</c>,
    /// <c>WordPress</c> and <c>generic</c>, a program of no ecosystem; null where there is none yet, and then nobody can tell which of two
    /// versions is the older.
    /// </summary>
    public static VersionScheme? For(string osvEcosystem)
    {
        int colon = osvEcosystem.IndexOf(':');
        return (colon < 0 ? osvEcosystem : osvEcosystem.AsSpan(0, colon)) switch
        {
            "Debian" or "Echo" or "Ubuntu" => Dpkg,
            "Alpaquita" or "Alpine" or "BellSoft Hardened Containers" or "Chainguard" or "CleanStart" or "MinimOS" or "Wolfi" => Apk,
            "AlmaLinux" or "Azure Linux" or "Mageia" or "openEuler" or "openSUSE" or "Red Hat" or "Rocky Linux" or "SUSE" => Rpm,

            // Not in osv.dev's list, but their packages are rpms like the others'.
            "Amazon Linux" or "CBL-Mariner" or "Fedora" or "Oracle Linux" or "Photon OS" => Rpm,
            "npm" => Npm,
            "Go" => Go,
            "crates.io" or "Hex" or "Julia" or "SwiftURL" => SemVer,
            "PyPI" => Pep440,
            "NuGet" => NuGet,
            "RubyGems" => RubyGems,
            "Maven" => Maven,
            "CRAN" => Cran,
            "Packagist" => Packagist,
            "Pub" => Pub,

            // osv.dev takes plain SemVer, by which 1.2.3-4, the fourth build of 1.2.3, would come before 1.2.3.
            "Bitnami" => Bitnami,
            "Arch" => Alpm,
            "conda" => Conda,
            "WordPress" => Php,
            "generic" => Generic,
            _ => null,
        };
    }
}
