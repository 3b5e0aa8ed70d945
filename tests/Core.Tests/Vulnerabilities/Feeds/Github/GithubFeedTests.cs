using ImageScan.Core.Vulnerabilities.Feeds.Github;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Github;

public sealed class GithubFeedTests
{
    private static Task<FeedReading> ReadAsync(string reviewed) => FeedReading.OfTextAsync(new GithubFeed(), "unreviewed/2023/12/GHSA-2fh4-45ph-7q27.json", $$"""
        {"id":"GHSA-2fh4-45ph-7q27","modified":"2023-12-05T00:31:08Z","database_specific":{"severity":"HIGH","github_reviewed":{{reviewed}}},
         "affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}
        """);

    // The three samples are the same archive: 12 reviewed records, three of them for Pub, Hex and GitHub Actions, and one that is not.
    [Theory]
    [InlineData("feeds/maven/ghsa/main.tar.gz")]
    [InlineData("feeds/npm/ghsa/main.tar.gz")]
    [InlineData("feeds/nuget/ghsa/main.tar.gz")]
    public async Task ReadsTheSamples(string path)
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new GithubFeed(), path);

        Assert.Equal(0, reading.Report.Malformed);
        Assert.Equal(9, reading.Advisories.Count);
        Assert.Equal(
            [new("about an ecosystem that no detector knows", 3), new("copied from NVD and reviewed by nobody", 1)], reading.Report.Skipped);
    }

    [Fact]
    public async Task TakesOnlyWhatSomebodyReviewed()
    {
        Assert.Equal(("HIGH", 1), ((await ReadAsync("true")).Advisories[0].SeverityWord, (await ReadAsync("true")).Advisories[0].Affected.Count));
        Assert.Empty((await ReadAsync("false")).Advisories[0].Affected);
    }

    [Fact]
    public void IsOffAndSaysWhy()
    {
        Assert.StartsWith("OSV has the same records", new GithubFeed().Description.OffBecause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("advisory-database-main.tar.gz", true)]
    [InlineData("github/main.tar.gz", true)]
    [InlineData("advisories/github-reviewed/2023/08/GHSA-r285-q736-9v95/GHSA-r285-q736-9v95.json", true)]
    [InlineData("GHSA-r285-q736-9v95.json", false)]
    [InlineData("debian/tracker/salsa/security-tracker-master.tar.gz", false)]
    [InlineData("endoflife-date/products/happy/master.tar.gz", false)]
    public void RecognisesItsDocuments(string path, bool recognised)
    {
        Assert.Equal(recognised, new GithubFeed().Recognises(path));
    }
}
