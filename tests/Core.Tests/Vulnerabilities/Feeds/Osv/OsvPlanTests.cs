using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;
using ImageScan.Core.Vulnerabilities.Feeds.Suse;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

public sealed class OsvPlanTests
{
    private const string Address = "https://osv.example/b";

    private static readonly DateTimeOffset Now = new(2026, 8, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Newest = new(2026, 8, 19, 17, 25, 0, TimeSpan.Zero);

    private readonly List<string> _asked = [];

    private static KnownDocument Known(DateTimeOffset? newest, TimeSpan? age = null) => new("\"etag\"", Now - (age ?? TimeSpan.FromHours(4)), newest);

    private async Task<FeedPlan> PlanAsync(string? csv, KnownDocument? known)
    {
        var pages = new Dictionary<string, string> { [$"{Address}/ecosystems.txt"] = "GIT\nnpm\nnpm:x\nWolfi\nHex\nUbuntu\n" };
        if (csv is not null)
        {
            pages[$"{Address}/npm/modified_id.csv"] = csv;
        }

        return await PlanAsync(new OsvFeed(["npm"], new FakeTimeProvider(Now)), Address, pages, "npm/all.zip", known);
    }

    private async Task<FeedPlan> PlanAsync(IAdvisoryFeed feed, string address, Dictionary<string, string> pages, string archive, KnownDocument? known)
    {
        var web = FeedWeb.Of(pages);
        var all = new Dictionary<string, KnownDocument>();
        if (known is not null)
        {
            all[archive] = known;
        }

        FeedPlan plan = await web.PlanAsync(feed, address, all);
        _asked.AddRange(web.Asked);
        return plan;
    }

    private static void AssertWhole(FeedPlan plan)
    {
        Assert.Equal([new PlannedDocument("npm/all.zip")], plan.Documents);
        Assert.Empty(plan.Kept);
    }

    private static void AssertParts(FeedPlan plan, params string[] ids)
    {
        Assert.Equal(ids.Select(id => new PlannedDocument($"npm/{id}.json", "npm/all.zip")), plan.Documents);
        Assert.Empty(plan.Kept);
    }

    [Fact]
    public async Task AsksForTheArchiveOnTheFirstRun()
    {
        AssertWhole(await PlanAsync("2026-08-19T17:25:00Z,A-1\n", null));
        Assert.Equal([$"{Address}/ecosystems.txt"], _asked);
    }

    [Fact]
    public async Task AsksForEveryEcosystemThatIsOnAndThere()
    {
        var pages = new Dictionary<string, string> { [$"{Address}/ecosystems.txt"] = "Debian\nDebian:11\nChainguard\nWolfi\nMinimOS\nRed Hat\nUbuntu\nSUSE\nopenSUSE\nPyPI\nPub\nRocky Linux:9\n" };

        FeedPlan plan = await PlanAsync(new OsvFeed(), Address, pages, "", null);

        Assert.Equal(["Debian/all.zip", "PyPI/all.zip", "Rocky Linux/all.zip"], plan.Documents.Select(document => document.Path));
    }

    [Fact]
    public async Task AsksForAnEcosystemThatIsChosen()
    {
        var pages = new Dictionary<string, string> { [$"{Address}/ecosystems.txt"] = "Debian\nWolfi\n" };

        FeedPlan plan = await PlanAsync(new OsvFeed(["Wolfi"], TimeProvider.System), Address, pages, "", null);

        Assert.Equal(["Wolfi/all.zip"], plan.Documents.Select(document => document.Path));
    }

    [Fact]
    public async Task KeepsAnArchiveSinceWhichNothingChanged()
    {
        FeedPlan plan = await PlanAsync("2026-08-19T17:25:00Z,A-1\n2026-08-19T17:18:46Z,A-2\n", Known(Newest));

        Assert.Empty(plan.Documents);
        Assert.Equal(["npm/all.zip"], plan.Kept);
    }

    [Fact]
    public async Task AsksForWhatChangedSinceAndShortlyBefore()
    {
        FeedPlan plan = await PlanAsync(
            "2026-08-20T08:00:00.123456789Z,A-1\n2026-08-19T17:25:00Z,A-2\n2026-08-19T11:25:00Z,A-3\n2026-08-19T11:24:59Z,A-4\n", Known(Newest));

        AssertParts(plan, "A-1", "A-2", "A-3");
    }

    [Fact]
    public async Task DoesNotDependOnTheOrderOfTheList()
    {
        AssertParts(await PlanAsync("2020-01-01T00:00:00Z,A-4\n2026-08-20T08:00:00Z,A-1\r\n\r\n2020-01-01T00:00:00Z,A-5", Known(Newest)), "A-1");
    }

    [Fact]
    public async Task AsksForAllOfATieSinceSomeMayHaveComeLater()
    {
        AssertParts(await PlanAsync("2026-08-19T17:25:00Z,A-1\n2026-08-19T17:25:00Z,A-2\n", Known(Newest)), "A-1", "A-2");
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public async Task AsksForTheArchiveWhereMuchChanged(int changed, bool inParts)
    {
        string csv = string.Concat(Enumerable.Range(1, changed).Select(number => $"2026-08-20T08:00:00Z,A-{number}\n"));

        FeedPlan plan = await PlanAsync(csv, Known(Newest));

        Assert.Equal(inParts ? 500 : 1, plan.Documents.Count);
        Assert.Equal(inParts, plan.Documents[0].PartOf is not null);
    }

    [Fact]
    public async Task ADateInTheFutureHidesNothing()
    {
        AssertParts(
            await PlanAsync("2099-01-01T00:00:00Z,A-9\n2026-08-20T08:30:00Z,A-1\n2026-08-19T08:00:00Z,A-2\n", Known(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero))),
            "A-9",
            "A-1");
    }

    [Theory]
    [InlineData("2026-08-20T08:00:00Z")]
    [InlineData("yesterday,A-1")]
    [InlineData("2026-08-20T08:00:00,A-1")]
    [InlineData("2026-08-20T08:00:00Z,")]
    [InlineData("2026-08-20T08:00:00Z,..")]
    [InlineData("2026-08-20T08:00:00Z,../../PyPI/A-1")]
    [InlineData("2026-08-20T08:00:00Z,A\\1")]
    [InlineData("2026-08-20T08:00:00Z,A\u00071")]
    [InlineData("<html>")]
    public async Task AsksForTheArchiveWhereALineIsBroken(string line)
    {
        AssertWhole(await PlanAsync($"2026-08-20T08:00:00Z,A-1\n{line}\n", Known(Newest)));
    }

    [Fact]
    public async Task AsksForTheArchiveWhereALineHasNoEnd()
    {
        AssertWhole(await PlanAsync("2026-08-20T08:00:00Z,A-1" + new string('x', 3_000_000), Known(Newest)));
    }

    [Fact]
    public async Task TakesIdsWithOddLetters()
    {
        AssertParts(
            await PlanAsync("2026-08-20T08:00:00Z,ALSA-2026:1 %2F\n2026-08-20T08:00:00Z,\"A,\"\"1\"\"\"\n", Known(Newest)), "ALSA-2026:1 %2F", "A,\"1\"");
    }

    [Fact]
    public async Task AsksForTheArchiveWhereThereIsNoList()
    {
        AssertWhole(await PlanAsync(null, Known(Newest)));
    }

    [Fact]
    public async Task AsksForTheArchiveWhereNoDateIsKnown()
    {
        AssertWhole(await PlanAsync("2026-08-20T08:00:00Z,A-1\n", Known(null)));
    }

    [Fact]
    public async Task AsksForTheArchiveOnceAWeekSinceNoListTellsWhatIsGone()
    {
        AssertWhole(await PlanAsync("2026-08-19T17:25:00Z,A-1\n", Known(Newest, TimeSpan.FromDays(7))));
    }

    [Fact]
    public async Task PlansWithinTheFolderOfOneEcosystem()
    {
        var pages = new Dictionary<string, string> { [$"{Address}/npm/modified_id.csv"] = "2026-08-20T08:00:00Z,A-1\n" };

        FeedPlan plan = await PlanAsync(new OsvFeed(["npm"], new FakeTimeProvider(Now)), $"{Address}/npm", pages, "all.zip", Known(Newest));

        Assert.Equal([new PlannedDocument("A-1.json", "all.zip")], plan.Documents);
    }

    // The list of the sample in feeds/suse/osv/osv.tar.bz2, which has ids and dates only.
    [Fact]
    public async Task PlansByAListInJson()
    {
        var pages = new Dictionary<string, string>
        {
            ["https://suse.example/s/osv/all.json"] = """
                [{"id":"SUSE-SU-2026:0011-2","modified":"2026-08-20T18:38:10Z"},{"id":"openSUSE-SU-2016:1623-1","modified":"2016-07-06T12:21:45Z"}]
                """,
        };

        FeedPlan plan = await PlanAsync(new SuseFeed(new FakeTimeProvider(Now)), "https://suse.example/s", pages, "osv.tar.bz2", Known(Newest));

        Assert.Equal([new PlannedDocument("osv/SUSE-SU-2026:0011-2.json", "osv.tar.bz2")], plan.Documents);
    }

    [Theory]
    [InlineData("[{\"id\":\"SUSE-SU-2026:0011-2\"")]
    [InlineData("[7]")]
    [InlineData("{}")]
    [InlineData("[{\"id\":\"x\",\"modified\":7}]")]
    public async Task AsksForTheArchiveWhereAListInJsonIsBroken(string json)
    {
        var pages = new Dictionary<string, string> { ["https://suse.example/s/osv/all.json"] = json };

        FeedPlan plan = await PlanAsync(new SuseFeed(new FakeTimeProvider(Now)), "https://suse.example/s", pages, "osv.tar.bz2", Known(Newest));

        Assert.Equal([new PlannedDocument("osv.tar.bz2")], plan.Documents);
    }
}
