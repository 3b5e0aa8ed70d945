using System.Globalization;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Makes texts of foreign documents fit to be kept.</summary>
internal static class FeedTexts
{
    private const int MaxLinkLength = 2048;

    /// <summary>An http(s) address; "" if it is none.</summary>
    public static string Link(string? address) => address is { Length: <= MaxLinkLength }
        && Uri.TryCreate(address, UriKind.Absolute, out Uri? link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps)
            ? link.AbsoluteUri
            : "";

    /// <summary>A moment in one of some forms, in UTC where it names no zone; null if it is in none of them.</summary>
    public static DateTimeOffset? Date(string? text, params string[] forms) => DateTimeOffset.TryParseExact(
        text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset moment)
            ? moment
            : null;

    /// <summary>The beginning of a foreign text, to be named in a report.</summary>
    public static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
