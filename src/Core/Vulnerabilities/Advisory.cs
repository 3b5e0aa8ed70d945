namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// One record of the Open Source Vulnerability format, reduced to what scans need (https://ossf.github.io/osv-schema/). Every text in it
/// is hostile.
/// </summary>
public sealed record Advisory
{
    public required string Id { get; init; }

    /// <summary>Of two records with the same id the later one counts.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>The archive it was read from, for people, without folders of the machine that read it.</summary>
    public string Source { get; init; } = "";

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

/// <summary>What one advisory says about one package: affected are <see cref="Versions"/> and whatever any of <see cref="Ranges"/> holds.</summary>
public sealed record AffectedPackage
{
    public required OsvEcosystem Ecosystem { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>SEMVER and ECOSYSTEM ranges; those over commits say nothing about an installed package and are left out.</summary>
    public IReadOnlyList<VersionRange> Ranges { get; init; } = [];

    /// <summary>The source's word for this package alone (Debian's urgency, Ubuntu's priority); null if it has none.</summary>
    public string? SeverityWord { get; init; }

    /// <summary>Vectors for this package alone: where there are any, those of the advisory do not count.</summary>
    public CvssVectors Vectors { get; init; } = CvssVectors.None;
}
