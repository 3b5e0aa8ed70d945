using System.Globalization;
using System.Net;
using System.Text;

namespace ImageScan.Core.Api.Badges;

/// <summary>Draws a badge as SVG (https://www.w3.org/TR/SVG2/): no script, no style, nothing from elsewhere.</summary>
public static class BadgeImage
{
    public const string ContentType = "image/svg+xml; charset=utf-8";

    private const int Height = 20;
    private const int Padding = 6;
    private const string LabelFill = "#444";

    /// <summary>The image in UTF-8.</summary>
    public static byte[] Draw(Badge badge)
    {
        int label = TextWidth(badge.Label);
        int message = TextWidth(badge.Message);
        int split = label + (2 * Padding);
        int width = split + message + (2 * Padding);
        string name = WebUtility.HtmlEncode($"{badge.Label}: {badge.Message}");
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{Height}" role="img" aria-label="{name}"><title>{name}</title>
            <rect width="{split}" height="{Height}" fill="{LabelFill}"/><rect x="{split}" width="{width - split}" height="{Height}" fill="{badge.Color.Fill}"/>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
            <text x="{Padding}" y="14" textLength="{label}">{WebUtility.HtmlEncode(badge.Label)}</text>
            <text x="{split + Padding}" y="14" textLength="{message}">{WebUtility.HtmlEncode(badge.Message)}</text>
            </g></svg>

            """));
    }

    // About what Verdana takes at 11 pixels; textLength makes any other font take the same.
    private static int TextWidth(string text) => Math.Max(1, (int)Math.Ceiling(text.Sum(letter => letter switch
    {
        'i' or 'j' or 'l' or 'f' or 't' or '.' or ',' or ':' or ' ' => 4.2,
        'm' or 'w' or 'M' or 'W' => 10.2,
        > '\u02ff' => 11,
        >= 'A' and <= 'Z' => 7.8,
        _ => 7,
    })));
}
