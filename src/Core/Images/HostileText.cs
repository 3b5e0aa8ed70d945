using System.Globalization;
using System.Text;

namespace ImageScan.Core.Images;

/// <summary>
/// Text out of images, registries, advisories and requests, made fit for where it goes: nothing in it may move a cursor, break a line of a
/// log, turn a word round or hide one.
/// </summary>
public static class HostileText
{
    private const int MaxQuotedCharacters = 512;

    /// <summary>The text as one line: what no line may hold becomes a question mark, what is longer than <paramref name="maxCharacters"/> is cut.</summary>
    public static string Plain(string text, int maxCharacters = 200)
    {
        var plain = new StringBuilder(Math.Min(text.Length, maxCharacters));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (plain.Length >= maxCharacters)
            {
                return plain.Append('…').ToString();
            }

            plain.Append(IsPrintable(rune) ? rune.ToString() : "?");
        }

        return plain.ToString();
    }

    /// <summary>The text in double quotes, in the form of Go's <c>%q</c>; cut after 512 characters.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (quoted.Length > MaxQuotedCharacters)
            {
                return quoted.Append("…\"").ToString();
            }

            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => IsPrintable(rune) ? rune.ToString() : Escaped(rune),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>
    /// A JSON document with the same meaning in which those characters are escaped; outside of its strings only the line breaks of its
    /// layout are of their kind, and they stay.
    /// </summary>
    public static string InJson(ReadOnlySpan<byte> json)
    {
        var safe = new StringBuilder(json.Length);
        foreach (Rune rune in Encoding.UTF8.GetString(json).EnumerateRunes())
        {
            safe.Append(rune.Value == '\n' || IsPrintable(rune) ? rune.ToString() : Escaped(rune));
        }

        return safe.ToString();
    }

    private static string Escaped(Rune rune) => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}"));

    // Format characters turn text around (U+202E), line separators break log lines, half a surrogate pair has become U+FFFD before.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
