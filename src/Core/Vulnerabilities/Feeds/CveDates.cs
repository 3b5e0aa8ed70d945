using System.Globalization;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Dates as CVE records write them: RFC 3339, or without a zone in older records, which then means UTC.</summary>
internal static class CveDates
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The moment; null for anything else, also for null.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, Utc, out DateTimeOffset moment) ? moment : null;
}
