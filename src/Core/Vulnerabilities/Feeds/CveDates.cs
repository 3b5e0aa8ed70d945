using System.Globalization;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Dates as CVE records write them: RFC 3339, or without a zone in older records, which then means UTC.</summary>
internal static class CveDates
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>A day as <c>2021-12-10</c>; null for anything else, also for null.</summary>
    public static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    /// <summary>The moment; null for anything else, also for null.</summary>
    public static DateTimeOffset? Parse(string? text) => FeedTexts.Date(text, Forms);
}
