using ImageScan.Core.Reports;

namespace ImageScan.Local.Output;

/// <summary>By what findings are ordered.</summary>
internal enum FindingKey
{
    Severity,
    Cvss,
    Epss,
    Package,
    Cve,
}

/// <summary>Orders findings; what is the same by the key stays in the order of the severities.</summary>
internal static class FindingOrder
{
    public static ImageReport Apply(ImageReport report, FindingKey key)
    {
        IReadOnlyList<ReportedFinding> findings = report.Findings;
        return report with
        {
            Findings = key switch
            {
                FindingKey.Cvss => [.. findings.OrderByDescending(reported => reported.Score)],
                FindingKey.Epss => [.. findings.OrderByDescending(reported => reported.Finding.Epss?.Probability ?? -1)],
                FindingKey.Package => [.. findings.OrderBy(reported => reported.Package.Name, StringComparer.Ordinal)
                    .ThenBy(reported => reported.Package.Version, StringComparer.Ordinal)],
                FindingKey.Cve => [.. findings.OrderBy(reported => reported.Finding.Cve, StringComparer.Ordinal)],
                _ => findings,
            },
        };
    }

    /// <summary>The same of rows, which may be in any order.</summary>
    public static IReadOnlyList<FindingRow> Apply(IEnumerable<FindingRow> rows, FindingKey key)
    {
        IEnumerable<FindingRow> worst = rows.OrderByDescending(row => row.Severity)
            .ThenByDescending(row => row.Score)
            .ThenBy(row => row.Package, StringComparer.Ordinal)
            .ThenBy(row => row.Installed, StringComparer.Ordinal)
            .ThenBy(row => row.Cve, StringComparer.Ordinal);
        return key switch
        {
            FindingKey.Cvss => [.. worst.OrderByDescending(row => row.Score)],
            FindingKey.Epss => [.. worst.OrderByDescending(row => row.Epss ?? -1)],
            FindingKey.Package => [.. worst.OrderBy(row => row.Package, StringComparer.Ordinal).ThenBy(row => row.Installed, StringComparer.Ordinal)],
            FindingKey.Cve => [.. worst.OrderBy(row => row.Cve, StringComparer.Ordinal)],
            _ => [.. worst],
        };
    }
}
