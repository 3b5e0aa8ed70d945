namespace ImageScan.Core.Detectors.Ruby;

/// <summary>A text as Ruby writes it: <c>"x"</c>, <c>'x'</c>, <c>%q{x}</c> (https://docs.ruby-lang.org/en/master/syntax/literals_rdoc.html).</summary>
internal static class RubyLiteral
{
    /// <summary>
    /// Reads the literal that the code begins with. False if it begins with none, or with one whose value depends on the program
    /// (<c>"#{VERSION}"</c>) or on escapes, which no name, version or licence needs.
    /// </summary>
    /// <param name="code">One line, or the rest of it.</param>
    /// <param name="literal">Its value, trimmed.</param>
    /// <param name="rest">What stands behind it.</param>
    public static bool TryRead(string code, out string literal, out string rest)
    {
        literal = rest = "";
        (int start, char end) = code switch
        {
            ['"', ..] => (1, '"'),
            ['\'', ..] => (1, '\''),
            ['%', 'q' or 'Q', '{', ..] => (3, '}'),
            ['%', 'q' or 'Q', '(', ..] => (3, ')'),
            ['%', 'q' or 'Q', '[', ..] => (3, ']'),
            _ => (0, '\0'),
        };
        int stop = start == 0 ? -1 : code.IndexOf(end, start);
        if (stop < 0)
        {
            return false;
        }

        string text = code[start..stop];
        if (text.Contains("#{", StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        literal = text.Trim();
        rest = code[(stop + 1)..];
        return true;
    }
}
