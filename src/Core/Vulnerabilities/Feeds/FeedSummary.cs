namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>What records say in words, cut to what an answer needs.</summary>
internal static class FeedSummary
{
    private const int MaxLength = 300;

    /// <summary>The text trimmed, and cut at a word's end where it is longer than 300 characters.</summary>
    public static string Cut(string? text)
    {
        string plain = text?.Trim() ?? "";
        if (plain.Length <= MaxLength)
        {
            return plain;
        }

        int space = plain.LastIndexOf(' ', MaxLength - 1);
        int end = space > 0 ? space : MaxLength;
        return plain[..(char.IsHighSurrogate(plain[end - 1]) ? end - 1 : end)].TrimEnd() + " …";
    }

    /// <summary>The same of a text whose line ends are its document's, not its author's.</summary>
    public static string OnOneLine(string? text) => Cut(string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
