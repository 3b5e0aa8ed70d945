namespace ImageScan.Core.Inventory.Licenses;

/// <summary>
/// The SPDX License List, and what else its licences are called: by their full names, by Fedora's and Debian's short names, by Python's
/// classifiers, by the addresses of their texts. What could mean several licences (<c>BSD License</c>) is none.
/// </summary>
internal static class LicenseNames
{
    // The longest name that is known has 144. What is longer is a text.
    private const int MaxCharacters = 200;

    private static readonly string[][] Licenses = LicenseTable.Rows("spdx-licenses.tsv");
    private static readonly HashSet<string> Ids = [.. Licenses.Select(row => row[0])];

    /// <summary>Id and name of every licence of the list.</summary>
    public static IEnumerable<(string Id, string Name)> All => Licenses.Select(row => (row[0], row[1]));

    /// <summary>Whether the text is an id of the list, in its very spelling.</summary>
    public static bool IsId(string text) => Ids.Contains(text);

    /// <summary>Whether CycloneDX 1.6.1 has the id in its schema: that is of version 3.24 of the list.</summary>
    public static bool IsKnownToCycloneDx(string id) => Spellings.InCycloneDx.Contains(id);

    /// <summary>The id, or the expression of ids, that a name stands for; null if it is none, or not of one licence alone.</summary>
    public static string? Find(string name)
    {
        if (IsCurrentId(name))
        {
            return name;
        }

        if (name.Length > MaxCharacters)
        {
            return null;
        }

        // License :: OSI Approved :: MIT License (https://pypi.org/classifiers/).
        int classifier = name.LastIndexOf(" :: ", StringComparison.Ordinal);
        string text = (classifier < 0 ? name : name[(classifier + " :: ".Length)..]).Trim();
        return text.Contains("://", StringComparison.Ordinal) ? FindAddress(text) : FindName(text) ?? FindWithAbbreviation(text);
    }

    /// <summary>The id of an exception; null if there is none of that name.</summary>
    public static string? FindException(string name)
    {
        if (name.Length > MaxCharacters)
        {
            return null;
        }

        string key = LicenseKey.Of(name);
        return Spellings.Exceptions.GetValueOrDefault(key)
            ?? (Spellings.Aliases.GetValueOrDefault(key) is { } id && Spellings.ExceptionIds.Contains(id) ? id : null);
    }

    // Most packages state an id; for those the spellings need not be put in order. SPDX replaced ids of GNU's licences alone.
    private static bool IsCurrentId(string text) => IsId(text)
        && (text.EndsWith("-only", StringComparison.Ordinal) || text.EndsWith("-or-later", StringComparison.Ordinal)
            || !(text.Contains("GPL", StringComparison.Ordinal) || text.Contains("GFDL", StringComparison.Ordinal)));

    private static string? FindName(string text)
    {
        string key = LicenseKey.Of(text);
        return FindKey(key)
            // "Apache 2" is "Apache 2.0", for every licence that has such a version.
            ?? (key.Length > 1 && char.IsAsciiDigit(key[^1]) && key[^2] == ' ' ? FindKey(key + ".0") : null)
            // "Later versions, too" is an operator where SPDX has no id for it.
            ?? (key is [.., not '+', '+'] && FindName(key[..^1]) is { } id && Ids.Contains(id) ? id + "+" : null);
    }

    private static string? FindKey(string key) => Spellings.Aliases.TryGetValue(key, out string? alias)
        ? (Spellings.ExceptionIds.Contains(alias) ? null : alias)
        : FindGnu(key) ?? Spellings.Known.GetValueOrDefault(key);

    // "gpl 2+", "lgpl 2.1", "gpl 3 only". Without a word about later versions, SPDX's deprecated ids meant "only".
    private static string? FindGnu(string key)
    {
        string[] words = key.Split(' ');
        if (words is not ([_, _] or [_, _, "only"]) || words[0] is not ("gpl" or "lgpl" or "agpl" or "gfdl"))
        {
            return null;
        }

        string version = words[1].TrimEnd('+');
        string id = $"{words[0].ToUpperInvariant()}-{version}{(version.Contains('.') ? "" : ".0")}-{(version == words[1] ? "only" : "or-later")}";
        return Ids.Contains(id) ? id : null;
    }

    // "GNU General Public License v2 (GPLv2)", "ISC License (ISCL)", but not "MIT (modified)".
    private static string? FindWithAbbreviation(string text)
    {
        int open = text.EndsWith(')') ? text.LastIndexOf('(') : -1;
        if (open <= 0)
        {
            return null;
        }

        string? full = FindName(text[..open]);
        string? abbreviated = FindName(text[(open + 1)..^1]);
        return full is null || full == abbreviated ? abbreviated
            : abbreviated is null && !text[open..].Any(char.IsLower) ? full
            : null;
    }

    // Addresses end in an id where they are SPDX's, NuGet's or the Open Source Initiative's.
    private static string? FindAddress(string address)
    {
        string place = address[(address.IndexOf("://", StringComparison.Ordinal) + "://".Length)..].TrimEnd('/');
        place = place.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? place["www.".Length..] : place;
        string? ending = Array.Find([".html", ".htm", ".txt", ".php"], end => place.EndsWith(end, StringComparison.OrdinalIgnoreCase));
        place = place[..^(ending?.Length ?? 0)];
        int slash = place.LastIndexOf('/');
        string site = slash > 0 ? place[..slash].ToLowerInvariant() : "";
        return site is "spdx.org/licenses" or "licenses.nuget.org" or "opensource.org/licenses" or "opensource.org/license"
            ? FindName(place[(slash + 1)..])
            : Spellings.Aliases.GetValueOrDefault(LicenseKey.Of(place));
    }

    /// <summary>What only those need who do not write an id.</summary>
    internal static class Spellings
    {
        public static readonly HashSet<string> InCycloneDx = [.. Licenses.Where(row => row.Length == 2).Select(row => row[0])];

        public static readonly HashSet<string> ExceptionIds = [.. LicenseTable.Rows("spdx-exceptions.tsv").Select(row => row[0])];

        public static readonly Dictionary<string, string> Exceptions = ExceptionIds.ToDictionary(LicenseKey.Of, StringComparer.Ordinal);

        /// <summary>What other names stand for, by their keys.</summary>
        public static readonly Dictionary<string, string> Aliases =
            LicenseTable.Rows("license-aliases.tsv").ToDictionary(row => LicenseKey.Of(row[0]), row => row[1], StringComparer.Ordinal);

        public static readonly Dictionary<string, string> Known = Keys();

        private static Dictionary<string, string> Keys()
        {
            var keys = new Dictionary<string, string>(2 * Licenses.Length, StringComparer.Ordinal);
            foreach (string[] row in Licenses)
            {
                keys.TryAdd(LicenseKey.Of(row[0]), Current(row[0]));
            }

            // A name that two licences have is none.
            foreach (IGrouping<string, string> ids in Licenses.GroupBy(row => LicenseKey.Of(row[1]), row => row[0]).Where(ids => ids.Count() == 1))
            {
                keys.TryAdd(ids.Key, Current(ids.Single()));
            }

            return keys;
        }

        // SPDX replaced some ids by expressions.
        private static string Current(string id) => Aliases.GetValueOrDefault(LicenseKey.Of(id), id);
    }
}
