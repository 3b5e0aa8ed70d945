using System.Globalization;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// Hostile texts as reports may have them: one line, nothing that moves a cursor or turns a word round, links that lead to the web alone. What is
/// special to a format, its own encoder sees to.
/// </summary>
public static class ReportText
{
    private const int MaxLinkCharacters = 2_048;

    /// <summary>The text as one line: white space is a single blank, what no line may hold a question mark, and what is longer is cut.</summary>
    public static string Line(string? text, int maxCharacters = 1_000)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, maxCharacters + 1));
        bool isAfterBlank = true;
        foreach (char unit in text)
        {
            // What is cut away later need not be gone through.
            if (line.Length > maxCharacters)
            {
                break;
            }

            bool isBlank = unit is ' ' or '\t' or '\r' or '\n';
            if (!isBlank || !isAfterBlank)
            {
                line.Append(isBlank ? ' ' : unit);
            }

            isAfterBlank = isBlank;
        }

        return HostileText.Plain(line.ToString(), maxCharacters).TrimEnd();
    }

    /// <summary>
    /// The address as ASCII if it is one of the web, without anything that ends it in a format; "" for any other, also for one with a user name, which
    /// looks as if it led to that, and one with characters that are not seen.
    /// </summary>
    public static string Link(string? address)
    {
        if (address is not { Length: > 0 and <= MaxLinkCharacters }
            || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4)
            || uri.UserInfo.Length > 0
            || HostileText.Plain(address, MaxLinkCharacters) != address)
        {
            return "";
        }

        string link = uri.AbsoluteUri
            .Replace("'", "%27", StringComparison.Ordinal)
            .Replace("(", "%28", StringComparison.Ordinal)
            .Replace(")", "%29", StringComparison.Ordinal)
            .Replace("[", "%5B", StringComparison.Ordinal)
            .Replace("]", "%5D", StringComparison.Ordinal);
        return link.All(character => character is > ' ' and < '\u007f' and not ('"' or '<' or '>' or '\\' or '`' or '|')) ? link : "";
    }

    /// <summary>The severity in StackRox's word: <c>IMPORTANT</c>.</summary>
    public static string Word(Severity severity) => severity.ToString().ToUpperInvariant();

    /// <summary>A day as <c>2026-11-26</c>, UTC.</summary>
    public static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A score as <c>9.8</c>; "" for none.</summary>
    public static string Score(float score) => score > 0 ? score.ToString("0.0", CultureInfo.InvariantCulture) : "";
}
