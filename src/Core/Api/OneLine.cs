using System.Globalization;
using System.Text;

namespace ImageScan.Core.Api;

/// <summary>Makes hostile text fit for a log line.</summary>
internal static class OneLine
{
    private const int MaxCharacters = 1_000;

    /// <summary>
    /// The text with every control, format (text direction) and line separating character and every half surrogate pair as U+FFFD, cut
    /// to 1,000 characters.
    /// </summary>
    public static string Of(string text, int maxCharacters = MaxCharacters)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxCharacters));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length >= maxCharacters)
            {
                return line.Append('…').ToString();
            }

            line.Append(IsPlain(rune) ? rune : Rune.ReplacementChar);
        }

        return line.ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
