using System.Text.RegularExpressions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary>A page in Markdown of the repository: what it leads to, and where one can be led to in it.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git", ".local", "TestResults"];

    private readonly string _path;

    private MarkdownPage(string path)
    {
        _path = path;
        string text = Fence().Replace(File.ReadAllText(path), "");
        Anchors = [.. Slugs(text), .. Named().Matches(text).Select(match => match.Groups[1].Value)];
        Prose = Code().Replace(text, "``");
        Links = [.. Link().Matches(Prose).Select(match => match.Groups[1].Value)];
    }

    /// <summary>Its path in the repository.</summary>
    public string Name => Path.GetRelativePath(Repository.Path(), _path).Replace('\\', '/');

    /// <summary>What may stand behind # in an address that leads here.</summary>
    public HashSet<string> Anchors { get; }

    /// <summary>Where its links lead.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>Its text without blocks and spans of code.</summary>
    public string Prose { get; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MarkdownPage> All() => [.. Under(new DirectoryInfo(Repository.Path())).Select(path => new MarkdownPage(path))];

    /// <summary>The file that a link leads to.</summary>
    public string TargetOf(string link) => link.StartsWith('#')
        ? _path
        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(_path)!, Uri.UnescapeDataString(link.Split('#')[0])));

    private static IEnumerable<string> Under(DirectoryInfo folder) =>
        folder.EnumerateFiles("*.md").Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(Under));

    // As GitHub makes them (https://github.com/gjtorikian/html-pipeline/blob/v2.14.3/lib/html/pipeline/toc_filter.rb): small letters, no punctuation,
    // dashes for spaces, and a number from the second of a name on.
    private static IEnumerable<string> Slugs(string text)
    {
        Dictionary<string, int> seen = [];
        foreach (Match heading in Heading().Matches(text))
        {
            string words = LinkText().Replace(heading.Groups[1].Value, "$1");
            string slug = Punctuation().Replace(words.ToLowerInvariant(), "").Replace(' ', '-');
            int before = seen.GetValueOrDefault(slug);
            seen[slug] = before + 1;
            yield return before == 0 ? slug : $"{slug}-{before}";
        }
    }

    [GeneratedRegex("^(`{3,}|~{3,})[^\n]*\n[\\s\\S]*?^\\1", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("(`+)(?!`)[\\s\\S]*?(?<!`)\\1(?!`)")]
    private static partial Regex Code();

    [GeneratedRegex(@"^#{1,6} (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}_\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex("<a id=\"([^\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?:\]\(<?|^\[[^\]]+\]: )([^\s)>]+)", RegexOptions.Multiline)]
    private static partial Regex Link();
}
