using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Red Hat's lists of changed and deleted documents, <c>changes.csv</c> and <c>deletions.csv</c>: lines of
/// <c>"2023/cve-2023-6240.json","2024-08-04T10:17:22+00:00"</c>, the latest first.
/// </summary>
internal static partial class VexChanges
{
    // Some 60 bytes a CVE.
    private const int MaxListBytes = 64 << 20;

    /// <summary>The latest date of each path. A line break that is missing hides nothing; what else is no such pair is passed over.</summary>
    public static Dictionary<string, DateTimeOffset> Parse(string list)
    {
        var changes = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (Match pair in Pair().Matches(list))
        {
            if (DateTimeOffset.TryParse(pair.Groups[2].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
            {
                string path = pair.Groups[1].Value;
                changes[path] = changes.TryGetValue(path, out DateTimeOffset known) && known > date ? known : date;
            }
        }

        return changes;
    }

    /// <summary>The list of an address; empty if it has none there.</summary>
    public static async Task<Dictionary<string, DateTimeOffset>> FetchAsync(FeedSource source, string name, CancellationToken cancellationToken)
    {
        await using FeedDocument? list = await source.OpenAsync(name, null, cancellationToken);
        return list is null ? [] : Parse(Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(list.Content, MaxListBytes, cancellationToken)));
    }

    /// <summary>Whether a path is that of a document about a CVE, in any folder: <c>2023/cve-2023-6212.json</c>.</summary>
    public static bool IsDocument(string path) => Document().IsMatch(path);

    /// <summary>The CVE that a document is about, by its path.</summary>
    public static string CveOf(string path) => Path.GetFileNameWithoutExtension(path).ToUpperInvariant();

    [GeneratedRegex("""
        "?(\d{4}/cve-\d{4}-\d{4,19}\.json)"?[ \t]*,[ \t]*"?(\d{4}-\d\d-\d\dT[0-9:.]{5,20}(?:Z|[+-]\d\d:?\d\d)?)
        """, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pair();

    [GeneratedRegex("""(?:^|/)\d{4}/cve-\d{4}-\d{4,19}\.json$""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Document();
}
