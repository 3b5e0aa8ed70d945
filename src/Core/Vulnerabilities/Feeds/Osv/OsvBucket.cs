namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// Which ecosystems of the OSV bucket matter here. Left out are those that no detector finds packages of (Android, GIT, Hackage, Hex, Julia,
/// Linux, opam, OSS-Fuzz, Pub, SwiftURL and others), and those whose order of versions nobody has written down (DHI, Root, TuxCare).
/// The bucket's own list is https://osv-vulnerabilities.storage.googleapis.com/ecosystems.txt.
/// </summary>
public static class OsvBucket
{
    // https://github.com/google/osv.dev/blob/master/source.yaml names ftp.suse.com and Canonical's repository as the sources of these.
    private const string SameElsewhere = "the feed of its vendor has the same records, sooner";

    // An erratum names all its packages for all its CVEs; Red Hat's documents say for each package of which of them it is affected
    // (https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/).
    private const string CoarserHere = "its vendor's own feed says more exactly which packages are affected";

    // https://github.com/chainguard-dev/vulnerability-scanner-support: CC BY-NC-ND 4.0, scanners that are sold need a licence of their own.
    private const string Licence = "its licence forbids commercial use and changed copies";

    private const string NoLicence = "its vendor states no licence for its records";

    // AlmaLinux and so on have no feed of their own here. Alpine, Azure Linux and Debian have one that says more, but it does not reach
    // back to releases that are no longer mended, and may be off.
    private static readonly OsvBucketEcosystem[] Distributions =
    [
        new("AlmaLinux"),
        new("Alpaquita"),
        new("Alpine"),
        new("Azure Linux"),
        new("BellSoft Hardened Containers"),
        new("Chainguard", Licence),
        new("CleanStart"),
        new("Debian"),
        new("Echo"),
        new("Mageia"),
        new("MinimOS", NoLicence),
        new("openEuler"),
        new("openSUSE", SameElsewhere) { IsReadFromCopies = true },
        new("Photon OS"),
        new("Red Hat", CoarserHere) { IsReadFromCopies = true },
        new("Rocky Linux"),
        new("SUSE", SameElsewhere) { IsReadFromCopies = true },
        new("Ubuntu", SameElsewhere) { IsReadFromCopies = true },
        new("Wolfi", Licence),
    ];

    /// <summary>All that packages can be of, languages first.</summary>
    public static IReadOnlyList<OsvBucketEcosystem> Ecosystems { get; } =
        [.. OsvEcosystem.Languages.Select(name => new OsvBucketEcosystem(name)), .. Distributions];
}

/// <summary>An ecosystem of the bucket.</summary>
/// <param name="Name">Its folder there, without release.</param>
/// <param name="OffBecause">Why it is not asked for unless it is chosen; null if it is.</param>
public sealed record OsvBucketEcosystem(string Name, string? OffBecause = null)
{
    /// <summary>Whether its records count where they lie in a folder of copies, though nobody has chosen it.</summary>
    public bool IsReadFromCopies { get; init; } = OffBecause is null;
}
