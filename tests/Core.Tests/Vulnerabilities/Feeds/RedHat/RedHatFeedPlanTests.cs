using System.Globalization;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

/// <summary>Which documents are asked for; the lists are as those of https://security.access.redhat.com/data/csaf/v2/vex/ are.</summary>
public sealed class RedHatFeedPlanTests
{
    private const string Archive = "csaf_vex_2024-08-04.tar.zst";
    private const string Address = "https://vex.example/v2/";

    private const string Changes = """
        "2023/cve-2023-6240.json","2024-08-04T10:17:22+00:00"
        "2023/cve-2023-6212.json","2024-08-04T10:17:22+00:00"
        "2021/cve-2021-47343.json","2024-07-29T18:39:58+00:00"
        """;

    private const string Deletions = """
        "2024/cve-2024-44943.json","2024-08-28T09:39:21+00:00"
        "2021/cve-2021-47343.json","2024-07-10T15:40:28+00:00"
        """;

    private static readonly IReadOnlyDictionary<string, KnownDocument> Nothing = new Dictionary<string, KnownDocument>();

    private static Dictionary<string, string> Pages => new() { ["archive_latest.txt"] = Archive, ["changes.csv"] = Changes, ["deletions.csv"] = Deletions };

    private static Task<FeedPlan> PlanAsync(
        Dictionary<string, string> pages, IReadOnlyDictionary<string, KnownDocument> known, string location = Address) =>
        FeedWeb.Of(pages.ToDictionary(page => Address + page.Key, page => page.Value)).PlanAsync(new RedHatFeed(), location, known);

    private static Dictionary<string, KnownDocument> Known(string newest, string path = Archive, string readAt = "2024-08-01T00:00:00Z") =>
        new() { [path] = new KnownDocument("\"1\"", Date(readAt), Date(newest)) };

    private static DateTimeOffset Date(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Fact]
    public async Task AsksFirstForTheArchiveAndWhatChangedSince()
    {
        FeedPlan plan = await PlanAsync(Pages, Nothing);

        Assert.Equal(
            [
                new PlannedDocument(Archive),
                new PlannedDocument("2023/cve-2023-6240.json", Archive),
                new PlannedDocument("2023/cve-2023-6212.json", Archive),
            ],
            plan.Documents);
        Assert.Empty(plan.Kept);
    }

    [Fact]
    public async Task AsksLaterForWhatChangedSinceTheNewestRecord()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-08-03T23:00:00Z"));

        Assert.Equal(["2023/cve-2023-6240.json", "2023/cve-2023-6212.json"], plan.Documents.Select(document => document.Path));
        Assert.All(plan.Documents, document => Assert.Equal(Archive, document.PartOf));
        Assert.Equal([Archive], plan.Kept);
    }

    [Fact]
    public async Task AsksForNothingWhereNothingChanged()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-08-05T00:00:00Z"));

        Assert.Empty(plan.Documents);
        Assert.Equal([Archive], plan.Kept);
    }

    // A document may appear after another that bears a later date.
    [Fact]
    public async Task AsksAgainForTheLastHours()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-08-04T12:00:00Z"));

        Assert.Equal(2, plan.Documents.Count);
    }

    [Fact]
    public async Task KeepsTheArchiveItHasThoughThereIsANewer()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-08-04T00:00:00Z", "csaf_vex_2024-07-28.tar.zst"));

        Assert.Equal(["csaf_vex_2024-07-28.tar.zst"], plan.Kept);
        Assert.All(plan.Documents, document => Assert.Equal("csaf_vex_2024-07-28.tar.zst", document.PartOf));
    }

    [Fact]
    public async Task TakesAnArchiveThatIsAMonthNewer()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-08-04T00:00:00Z", "csaf_vex_2024-07-01.tar.zst"));

        Assert.Equal(new PlannedDocument(Archive), plan.Documents[0]);
        Assert.Empty(plan.Kept);
    }

    [Fact]
    public async Task TakesBackWhatWasDeletedAndNotBroughtBack()
    {
        FeedPlan plan = await PlanAsync(Pages, Known("2024-07-01T00:00:00Z"));

        Assert.Equal([new DeletedRecord(Archive, "CVE-2024-44943")], plan.Deleted);
    }

    // Records are written anew for every deletion, so none is named for ever; but those before the first run were not to be had in it.
    [Theory]
    [InlineData("2024-08-29T00:00:00Z", "2024-08-20T00:00:00Z", 0)]
    [InlineData("2024-08-29T00:00:00Z", "2024-08-30T00:00:00Z", 1)]
    public async Task TakesBackWhatWasDeletedSinceTheLastRun(string newest, string readAt, int deleted)
    {
        FeedPlan plan = await PlanAsync(Pages, Known(newest, readAt: readAt));

        Assert.Equal(deleted, plan.Deleted.Count);
    }

    [Fact]
    public async Task TakesTheArchiveAnewWhereThousandsChanged()
    {
        Dictionary<string, string> pages = Pages;
        pages["changes.csv"] = string.Concat(Enumerable.Range(10_000, RedHatFeed.MaxChanges + 1)
            .Select(number => $"\"2024/cve-2024-{number}.json\",\"2024-08-04T10:17:22+00:00\"\n"));

        FeedPlan first = await PlanAsync(pages, Nothing);
        FeedPlan later = await PlanAsync(pages, Known("2024-08-01T00:00:00Z", "csaf_vex_2024-07-28.tar.zst"));

        Assert.Equal([new PlannedDocument(Archive)], first.Documents);
        Assert.Equal([new PlannedDocument(Archive)], later.Documents);
        Assert.Empty(later.Kept);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData("\r\n")]
    public async Task ReadsAListWithoutItsLineBreaks(string between)
    {
        Dictionary<string, string> pages = Pages;
        pages["changes.csv"] = string.Join(between, Changes.Split('\n', StringSplitOptions.TrimEntries)) + between + "garbage,\"2024";

        FeedPlan plan = await PlanAsync(pages, Known("2024-07-01T00:00:00Z"));

        Assert.Equal(3, plan.Documents.Count);
    }

    [Theory]
    [InlineData("../../etc/passwd.tar.zst")]
    [InlineData("https://elsewhere.example/csaf_vex_2024-08-04.tar.zst")]
    [InlineData("csaf_vex/../x.tar.zst")]
    [InlineData("")]
    public async Task RefusesAnArchiveThatIsElsewhere(string name)
    {
        Dictionary<string, string> pages = Pages;
        pages["archive_latest.txt"] = name;

        await Assert.ThrowsAsync<FeedException>(() => PlanAsync(pages, Nothing));
    }

    [Fact]
    public async Task SaysThatThereIsNoArchive() => await Assert.ThrowsAsync<FeedException>(() => PlanAsync([], Nothing));

    [Fact]
    public async Task TakesAnArchiveForTheWholeAddress()
    {
        FeedPlan plan = await PlanAsync([], Nothing, Address + Archive);

        Assert.Equal([new PlannedDocument("")], plan.Documents);
    }

    [Fact]
    public async Task AsksForTheArchiveAloneWhereItHasNoDate()
    {
        Dictionary<string, string> pages = Pages;
        pages["archive_latest.txt"] = "vex-archive.tar.zst\n";

        FeedPlan plan = await PlanAsync(pages, Nothing);

        Assert.Equal([new PlannedDocument("vex-archive.tar.zst")], plan.Documents);
    }
}
