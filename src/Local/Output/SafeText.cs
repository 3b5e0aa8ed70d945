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
            bool hostile = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
            safe.Append(hostile ? "?" : rune.ToString());
        }

        return safe.ToString();
    }
}
