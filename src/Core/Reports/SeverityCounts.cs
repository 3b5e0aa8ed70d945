using System.Globalization;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>How many rows there are of each severity about which nothing was decided.</summary>
public sealed record SeverityCounts(int Unknown, int Low, int Moderate, int Important, int Critical)
{
    public int Total => Unknown + Low + Moderate + Important + Critical;

    /// <summary>How many there are about which something was decided: they do not count.</summary>
    public int Suppressed { get; init; }

    public static SeverityCounts Of(IEnumerable<ReportRow> rows)
    {
        int[] counts = new int[(int)Severity.Critical + 1];
        int suppressed = 0;
        foreach (ReportRow row in rows)
        {
            if (row.Decision.Length > 0)
            {
                suppressed++;
            }
            else
            {
                counts[(int)row.Severity]++;
            }
        }

        return new SeverityCounts(counts[0], counts[1], counts[2], counts[3], counts[4]) { Suppressed = suppressed };
    }

    /// <summary><c>Total: 7 (UNKNOWN: 0, LOW: 1, MODERATE: 3, IMPORTANT: 2, CRITICAL: 1)</c>, and <c>, 2 suppressed</c> if there are any.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Total: {Total} (UNKNOWN: {Unknown}, LOW: {Low}, MODERATE: {Moderate}, IMPORTANT: {Important}, CRITICAL: {Critical})")
        + (Suppressed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Suppressed} suppressed") : "");
}
