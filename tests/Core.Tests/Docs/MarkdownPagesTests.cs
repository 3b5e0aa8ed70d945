using System.Text.RegularExpressions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary>Every page of the repository: what it leads to is there, and nothing of it is still to be written.</summary>
public sealed partial class MarkdownPagesTests
{
    // What every reader meets first, and who reads it.
    private const string Index = "docs/README.md";

    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.All();

    [Fact]
    public void LeadOnlyToWhatIsThere()
    {
        Dictionary<string, MarkdownPage> byPath = Pages.ToDictionary(page => Repository.Path(page.Name));

        IEnumerable<string> broken = Pages.SelectMany(
            page => page.Links.Where(link => !IsElsewhere(link) && !IsThere(page, link)).Select(link => $"{page.Name}: {link}"));

        Assert.Contains("docs/access.md", Pages.Select(page => page.Name));
        Assert.Empty(broken);

        bool IsThere(MarkdownPage page, string link)
        {
            string target = page.TargetOf(link);
            return Path.Exists(target)
                && (link.Split('#') is not [_, var anchor] || (byPath.TryGetValue(target, out MarkdownPage? other) && other.Anchors.Contains(anchor)));
        }
    }

    [Fact]
    public void LeaveNothingToBeWritten() => Assert.Empty(Pages.Where(page => Unwritten().IsMatch(page.Prose)).Select(page => page.Name));

    [Fact]
    public void AreAllInTheIndexOfTheirFolder()
    {
        MarkdownPage index = Pages.Single(page => page.Name == Index);

        IEnumerable<string> pages = Pages
            .Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal) && page.Name != Index)
            .Select(page => page.Name["docs/".Length..]);

        Assert.Empty(pages.Except(index.Links));
    }

    private static bool IsElsewhere(string link) => Scheme().IsMatch(link);

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\b(?:TODO|TBD|FIXME|XXX|FIGURES)\b")]
    private static partial Regex Unwritten();
}
