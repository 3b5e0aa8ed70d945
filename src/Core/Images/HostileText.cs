using System.Globalization;
using System.Text;

namespace ImageScan.Core.Images;

/// <summary>Text out of a registry or an archive, made fit for one line of a message: bounded, and without anything that steers a terminal.</summary>
internal static class HostileText
{
    private const int MaxQuotedCharacters = 512;

    /// <summary>The text in double quotes, in the form of Go's <c>%q</c>; cut after 512 characters.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxQuotedCharacters)))
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when IsPrintable(c) => c.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            });
        }

        return quoted.Append(text.Length > MaxQuotedCharacters ? "…\"" : "\"").ToString();
    }

    /// <summary>The text without quotes around it; what cannot be printed becomes a question mark; cut after <paramref name="maxCharacters"/>.</summary>
    public static string Plain(string text, int maxCharacters = 200)
    {
        string cut = text.Length > maxCharacters ? text[..maxCharacters] + "…" : text;
        return cut.All(IsPrintable) ? cut : string.Concat(cut.Select(c => IsPrintable(c) ? c : '?'));
    }

    // Format characters turn text around (U+202E), line separators break log lines; half a surrogate pair is no text.
    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
