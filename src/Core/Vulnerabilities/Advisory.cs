namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// One record of a feed, reduced to what scans need; its shape is that of the Open Source Vulnerability format
/// (https://ossf.github.io/osv-schema/), with what vendors say beyond it. Every text in it is hostile.
/// </summary>
public sealed record Advisory : FeedRecord
{
    public required string Id { get; init; }

    public override string Key => Id;

    /// <summary>Of two records of one feed with the same id the later one counts.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>
    /// Who says it. What a vendor states itself about a package and a CVE replaces what others converted from it: their copies are older and
    /// coarser.
    /// </summary>
    public AdvisoryAuthority Authority { get; init; }

    public DateTimeOffset? Published { get; init; }

    /// <summary>When it was taken back; such a record reports nothing.</summary>
    public DateTimeOffset? Withdrawn { get; init; }

    /// <summary>Other ids of the very same vulnerability.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Ids of the vulnerabilities that a distribution's advisory is about; often many.</summary>
    public IReadOnlyList<string> Upstream { get; init; } = [];

    public IReadOnlyList<string> Related { get; init; } = [];

    public string Summary { get; init; } = "";

    /// <summary>The source's own page on it; "" or an http(s) address.</summary>
    public string Link { get; init; } = "";

    /// <summary>The source's word for how bad it is (<c>database_specific.severity</c>, Ubuntu's priority); null if it has none.</summary>
    public string? SeverityWord { get; init; }

    public CvssVectors Vectors { get; init; } = CvssVectors.None;

    public IReadOnlyList<AffectedPackage> Affected { get; init; } = [];
}

/// <summary>Who makes a statement, weakest first.</summary>
public enum AdvisoryAuthority
{
    /// <summary>Somebody who collects or converts what others say: the OSV bucket about a distribution.</summary>
    Collected,

    /// <summary>Who makes the package: a distribution about itself.</summary>
    Vendor,
}

/// <summary>
/// What one advisory says about one package: affected are <see cref="Versions"/> and whatever any of <see cref="Ranges"/> holds. The other
/// members narrow to which installed packages it applies at all.
/// </summary>
public sealed record AffectedPackage
{
    public required OsvEcosystem Ecosystem { get; init; }

    public required string Name { get; init; }

    /// <summary>Whose name <see cref="Name"/> is.</summary>
    public PackageNameKind NameKind { get; init; }

    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>SEMVER and ECOSYSTEM ranges; those over commits say nothing about an installed package and are left out.</summary>
    public IReadOnlyList<VersionRange> Ranges { get; init; } = [];

    /// <summary>What the vendor does about the versions that are affected. With <see cref="AdvisoryStatus.NotAffected"/> none is: a denial.</summary>
    public AdvisoryStatus Status { get; init; }

    /// <summary>
    /// Name and stream of the module that the package must be built in, <c>nodejs:18</c>; null if it must be in none, which ecosystems without
    /// modules always are.
    /// </summary>
    public string? Module { get; init; }

    /// <summary>Architectures it is limited to, as rpm writes them (<c>x86_64</c>); empty for all. Packages of <c>noarch</c> are always meant.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>
    /// A part of the distribution with versions of its own that it is limited to, such as an extra of Amazon Linux 2 (<c>kernel-5.15</c>);
    /// null for the main one.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The erratum that brings the fix (<c>RHSA-2023:7435</c>), where it is another id than the advisory's; null if there is none.</summary>
    public string? Erratum { get; init; }

    /// <summary>When the fix came out; null if it is not known.</summary>
    public DateTimeOffset? FixedOn { get; init; }

    /// <summary>The source's word for this package alone (Debian's urgency, Ubuntu's priority); null if it has none.</summary>
    public string? SeverityWord { get; init; }

    /// <summary>Vectors for this package alone: where there are any, those of the advisory do not count.</summary>
    public CvssVectors Vectors { get; init; } = CvssVectors.None;
}

/// <summary>Under which of its names an installed package is meant.</summary>
public enum PackageNameKind
{
    /// <summary>The source's or its own, as its ecosystem does.</summary>
    Usual,

    /// <summary>That of the source it is built from (dpkg's Source, apk's origin, rpm's SOURCERPM) and no other.</summary>
    Source,

    /// <summary>Its own and no other.</summary>
    Own,
}

/// <summary>What a vendor does about a package that has a vulnerability. The numbers are those of snapshots.</summary>
public enum AdvisoryStatus
{
    /// <summary>It is affected; a version that mends it is in the ranges if there is one.</summary>
    Affected = 0,

    /// <summary>It is not going to be mended.</summary>
    WillNotFix = 1,

    /// <summary>It will be mended later, or with something else.</summary>
    FixDeferred = 2,

    /// <summary>Nobody mends that release any more.</summary>
    EndOfLife = 3,

    /// <summary>Nobody knows yet: no finding.</summary>
    UnderInvestigation = 4,

    /// <summary>It has no such vulnerability in any version: no finding, and none by others' word either.</summary>
    NotAffected = 5,
}
