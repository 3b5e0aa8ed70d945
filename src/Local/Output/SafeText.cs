using System.Globalization;
using System.Text;

namespace ImageScan.Local.Output;

/// <summary>
/// Text out of images, advisories and registries, fit for a terminal: an escape sequence in a package's name must not move the cursor or
/// hide a line, nor may a bidirectional override turn a word round.
/// </summary>
internal static class SafeText
{
    /// <summary>The text with every control, format and line-breaking character replaced by <c>?</c>.</summary>
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            safe.Append(IsHostile(rune) ? "?" : rune.ToString());
        }

        return safe.ToString();
    }

    /// <summary>
    /// A JSON document with the same meaning in which those characters are escaped; outside of its strings only the line breaks of its
    /// layout are control characters, and they stay.
    /// </summary>
    public static string OfJson(ReadOnlySpan<byte> json)
    {
        var safe = new StringBuilder(json.Length);
        foreach (Rune rune in Encoding.UTF8.GetString(json).EnumerateRunes())
        {
            if (rune.Value == '\n' || !IsHostile(rune))
            {
                safe.Append(rune.ToString());
                continue;
            }

            foreach (char unit in rune.ToString())
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return safe.ToString();
    }

    private static bool IsHostile(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
