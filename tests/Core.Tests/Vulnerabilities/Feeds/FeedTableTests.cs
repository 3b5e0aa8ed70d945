using System.Text.RegularExpressions;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>The table of feeds says which there are, no more and no less, and where each is.</summary>
public sealed partial class FeedTableTests
{
    private static readonly string[] Rows =
        [.. File.ReadAllLines(Repository.Path("src", "Core", "Vulnerabilities", "Feeds", "README.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    [Fact]
    public void EveryFeedOfTheCatalogueHasItsRow()
    {
        IEnumerable<string> feeds = FeedCatalogue.All.Select(feed => $"{feed.Description.Name} {PlaceOf(feed)}");

        Assert.Equal(feeds.Order(StringComparer.Ordinal), Rows.SelectMany(Listed).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheCatalogueBeginsWithOsvAndGoesOnByName()
    {
        string[] types = [.. FeedCatalogue.All.Select(feed => feed.GetType().Name)];

        Assert.Equal(["OsvFeed", .. types[1..].Order(StringComparer.Ordinal)], types);
    }

    private static string PlaceOf(IAdvisoryFeed feed) => $"{feed.GetType().Namespace!.Split('.')[^1]}/{feed.GetType().Name}";

    private static IEnumerable<string> Listed(string row)
    {
        string[] cells = row.Split('|');
        return Quoted().Matches(cells[1]).Zip(Quoted().Matches(cells[2]), (name, place) => $"{name.Groups[1].Value} {place.Groups[1].Value}");
    }

    [GeneratedRegex("`([A-Za-z0-9/-]+)`")]
    private static partial Regex Quoted();
}
