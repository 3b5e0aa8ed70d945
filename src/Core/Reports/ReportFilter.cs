using System.Diagnostics.CodeAnalysis;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>Which findings of a report its reader wants.</summary>
public sealed record ReportFilter
{
    public static ReportFilter Everything { get; } = new();

    /// <summary>What a list of severities may name, in the words of StackRox and in those of CVSS.</summary>
    public static IReadOnlyDictionary<string, Severity> SeverityWords { get; } = new Dictionary<string, Severity>(StringComparer.OrdinalIgnoreCase)
    {
        ["critical"] = Severity.Critical,
        ["important"] = Severity.Important,
        ["high"] = Severity.Important,
        ["moderate"] = Severity.Moderate,
        ["medium"] = Severity.Moderate,
        ["low"] = Severity.Low,
        ["unknown"] = Severity.Unknown,
    };

    /// <summary>The severities to keep; empty for all.</summary>
    public IReadOnlySet<Severity> Severities { get; init; } = new HashSet<Severity>();

    /// <summary>Whether to leave out what has no fix.</summary>
    public bool OnlyFixable { get; init; }

    /// <summary>
    /// Reads severities with commas between them, in any case: <c>critical,high</c>. False, and the word that is none, if one is; an empty text names none,
    /// and so leaves all.
    /// </summary>
    public static bool TryReadSeverities(
        string text, [NotNullWhen(true)] out IReadOnlySet<Severity>? severities, [NotNullWhen(false)] out string? unknown)
    {
        var read = new HashSet<Severity>();
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!SeverityWords.TryGetValue(word, out Severity severity))
            {
                (severities, unknown) = (null, word);
                return false;
            }

            read.Add(severity);
        }

        (severities, unknown) = (read, null);
        return true;
    }

    /// <summary>The report with what is wanted, and how many it left out.</summary>
    public ImageReport Apply(ImageReport report)
    {
        ReportedFinding[] kept = [.. report.Findings.Where(reported => Wants(reported.Finding.Severity, !string.IsNullOrEmpty(reported.Finding.FixedBy)))];
        return report with { Findings = kept, Hidden = report.Hidden + report.Findings.Count - kept.Length };
    }

    /// <summary>Whether a finding of that severity is wanted.</summary>
    public bool Wants(Severity severity, bool isFixable) =>
        (Severities.Count == 0 || Severities.Contains(severity)) && (isFixable || !OnlyFixable);
}
