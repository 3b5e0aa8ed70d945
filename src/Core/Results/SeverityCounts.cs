using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>How many findings there are of each severity, a CVE of a package once.</summary>
public sealed record SeverityCounts(int Critical, int Important, int Moderate, int Low, int Unknown)
{
    /// <summary>Those of them that a version mends.</summary>
    public int Fixable { get; init; }

    public int Total => Critical + Important + Moderate + Low + Unknown;

    /// <summary>The counts of a match.</summary>
    public static SeverityCounts Of(MatchOutcome match) => Of(FindingPlace.AllOf(match).Values);

    internal static SeverityCounts Of(IReadOnlyCollection<Finding> findings)
    {
        int Count(Severity severity) => findings.Count(finding => finding.Severity == severity);
        return new SeverityCounts(
            Count(Severity.Critical), Count(Severity.Important), Count(Severity.Moderate), Count(Severity.Low), Count(Severity.Unknown))
        {
            Fixable = findings.Count(finding => !string.IsNullOrEmpty(finding.FixedBy)),
        };
    }
}
