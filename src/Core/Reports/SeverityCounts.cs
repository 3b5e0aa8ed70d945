using System.Globalization;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>How many findings there are of each severity.</summary>
public sealed record SeverityCounts(int Unknown, int Low, int Moderate, int Important, int Critical)
{
    public int Total => Unknown + Low + Moderate + Important + Critical;

    public static SeverityCounts Of(IEnumerable<ReportedFinding> findings)
    {
        int[] counts = new int[(int)Severity.Critical + 1];
        foreach (ReportedFinding reported in findings)
        {
            counts[(int)reported.Finding.Severity]++;
        }

        return new SeverityCounts(counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    /// <summary><c>Total: 7 (UNKNOWN: 0, LOW: 1, MODERATE: 3, IMPORTANT: 2, CRITICAL: 1)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Total: {Total} (UNKNOWN: {Unknown}, LOW: {Low}, MODERATE: {Moderate}, IMPORTANT: {Important}, CRITICAL: {Critical})");
}
