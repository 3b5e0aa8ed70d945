namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What one advisory says about one package: all that matching needs. Its members are those of <see cref="AffectedPackage"/>.</summary>
/// <param name="Advisory">The advisory's number in its snapshot.</param>
/// <param name="Versions">Affected versions that none of <paramref name="Ranges"/> holds.</param>
/// <param name="Ranges">Spans of affected versions.</param>
/// <param name="SeverityWord">The source's word for this package alone; null if there is none.</param>
/// <param name="Vectors">Vectors for this package alone.</param>
public sealed record Posting(
    int Advisory,
    IReadOnlyList<string> Versions,
    IReadOnlyList<VersionRange> Ranges,
    string? SeverityWord,
    CvssVectors Vectors)
{
    public AdvisoryStatus Status { get; init; }

    public PackageNameKind NameKind { get; init; }

    public string? Module { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];

    public string? Repository { get; init; }

    public string? Erratum { get; init; }

    public DateTimeOffset? FixedOn { get; init; }

    /// <summary>
    /// What it is a finding of: a part of the advisory's names where somebody whose word counts more speaks about the others; null for all of them.
    /// </summary>
    public IReadOnlyList<string>? Names { get; init; }
}
