using System.Buffers;
using System.Text;

namespace ImageScan.Core.Inventory.Licenses;

/// <summary>What of a licence's name tells it from others, whoever wrote it.</summary>
internal static class LicenseKey
{
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.+");

    private static readonly (string Long, string Short)[] Families =
    [
        ("library or lesser general public", "lgpl"),
        ("lesser general public", "lgpl"),
        ("library general public", "lgpl"),
        ("affero general public", "agpl"),
        ("general public", "gpl"),
        ("free documentation", "gfdl"),
    ];

    private static readonly string[] Later =
        [" or later", " or any later", " or newer", " or any newer", " or greater", " or any greater", " or above"];

    /// <summary>
    /// Lower-case words without punctuation and without "the", "license", "version", "v" and "gnu"; versions are words of their own, a plus
    /// stands for "or later", GNU's licences have their short names: <c>gpl 2+</c>, <c>apache 2.0</c>, <c>bsd 3 clause</c>. Signs that
    /// compare versions stay, since without them another licence would be meant.
    /// </summary>
    public static string Of(string name)
    {
        var key = new StringBuilder(name.Length + 4);
        int at = 0;
        while (at < name.Length)
        {
            int start = at;
            while (at < name.Length && (char.IsLetterOrDigit(name[at]) || name[at] is '.' or '+' or '<' or '>' or '=' or '~' or '^'))
            {
                at++;
            }

            AppendWord(key, name[start..at].ToLowerInvariant().Trim('.'));
            at++;
        }

        return Shortened(key.ToString());
    }

    private static void AppendWord(StringBuilder key, string word)
    {
        int version = word.AsSpan().IndexOfAnyInRange('0', '9');
        if (version > 0 && !word.AsSpan(version).ContainsAnyExcept(VersionCharacters))
        {
            // gplv2+, mpl1.1, v2.0: but not cc0, x11.
            string letters = word[..version].TrimEnd('v');
            if (letters.Length is 0 or >= 3)
            {
                AppendWord(key, letters);
                word = word[version..];
            }
        }

        if (word is not ("" or "the" or "license" or "licence" or "licenses" or "licences" or "version" or "versions" or "v" or "gnu"))
        {
            _ = key.Length == 0 ? key.Append(word) : key.Append(' ').Append(word);
        }
    }

    private static string Shortened(string key)
    {
        foreach ((string full, string family) in Families)
        {
            key = key.Replace(full, family, StringComparison.Ordinal);
        }

        string? later = Array.Find(Later, ending => key.EndsWith(ending, StringComparison.Ordinal));
        return later is null ? key : key[..^later.Length] + "+";
    }
}
