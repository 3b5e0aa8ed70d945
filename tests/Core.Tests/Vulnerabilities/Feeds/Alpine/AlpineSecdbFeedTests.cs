using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Alpine;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Alpine;

public sealed class AlpineSecdbFeedTests
{
    private const string Path = "v3.20/community.json";

    // In the form of https://secdb.alpinelinux.org/v3.20/community.json; the values are made up, their oddities are real ones.
    private const string Made = """
        {
          "apkurl": "{{urlprefix}}/x", "archs": ["x86_64"], "reponame": "community", "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
          "distroversion": "v3.20",
          "packages": [
            { "pkg": { "name": "xen", "secfixes": {
                "0": ["CVE-2020-29568 XSA-349", "CVE-2024-0003"],
                "4.18.1-r0": ["CVE-2024-0001 CVE-2024-0002 XSA-452", "XSA-453", "CVE-2024-0003"],
                "4.18.2-r1": ["CVE-2024-0001 (+ regression fix)"]
            } } },
            { "pkg": { "name": "zabbix", "secfixes": { "6.4.8-r0": ["CVE_2023-32721 ZBX-23389", "GHSA-abcd-efgh-ijkl", "CVE-2024-12."] } } },
            { "pkg": { "name": "quiet", "secfixes": {} } },
            { "pkg": { "name": "none", "secfixes": null } }
          ]
        }
        """;

    private static Task<FeedReading> ReadAsync(string json) => FeedReading.OfTextAsync(new AlpineSecdbFeed(), Path, json);

    [Theory]
    [InlineData("edge", "community", 8, "CVE-2022-35014/edge/community/advancecomp: Alpine:edge advancecomp < 2.4-r0")]
    [InlineData("edge", "main", 3, "CVE-2021-30474/edge/main/aom: Alpine:edge aom < 3.1.1-r0")]
    [InlineData("v3.16", "community", 1, "CVE-2019-9210/v3.16/community/advancecomp: Alpine:v3.16 advancecomp < 2.1-r2")]
    [InlineData("v3.16", "main", 2, "CVE-2018-11763/v3.16/main/apache2: Alpine:v3.16 apache2 < 2.4.35-r0")]
    [InlineData("v3.2", "main", 1, "CVE-2016-9401/v3.2/main/bash: Alpine:v3.2 bash < 4.3.33-r2")]
    public async Task ReadsTheSamplesOfTheSecdb(string release, string repository, int count, string one)
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new AlpineSecdbFeed(), $"feeds/alpine/secdb/{release}/{repository}.json");

        Assert.Equal(count, reading.Records.Count);
        Assert.Contains(one, Stated.Of(reading));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsEveryFormOfAFix()
    {
        FeedReading reading = await ReadAsync(Made);

        Assert.Equal(
            [
                "CVE-2020-29568/v3.20/community/xen: Alpine:v3.20 xen every NotAffected",
                "CVE-2023-32721/v3.20/community/zabbix: Alpine:v3.20 zabbix < 6.4.8-r0",
                "CVE-2024-0001/v3.20/community/xen: Alpine:v3.20 xen < 4.18.1-r0 or < 4.18.2-r1",
                "CVE-2024-0002/v3.20/community/xen: Alpine:v3.20 xen < 4.18.1-r0",
                "CVE-2024-0003/v3.20/community/xen: Alpine:v3.20 xen < 4.18.1-r0",
                "GHSA-abcd-efgh-ijkl/v3.20/community/zabbix: Alpine:v3.20 zabbix < 6.4.8-r0",
                "XSA-453/v3.20/community/xen: Alpine:v3.20 xen < 4.18.1-r0",
            ],
            Stated.Of(reading).Order(StringComparer.Ordinal));
        Advisory two = reading.Advisories.Single(advisory => advisory.Upstream.Contains("CVE-2024-0002"));
        Assert.Equal(["XSA-452"], two.Aliases);
        Assert.Equal("https://security.alpinelinux.org/vuln/CVE-2024-0002", two.Link);
        Assert.Equal(["XSA-453"], reading.Advisories.Single(advisory => advisory.Id.StartsWith("XSA-453", StringComparison.Ordinal)).Upstream);
        Assert.Equal(1, reading.Report.Malformed);
        Assert.Contains("names no vulnerability", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(reading.Report.Skipped).Value);
    }

    [Theory]
    [InlineData("CVE-2019-13012", "CVE-2019-13012", "")]
    [InlineData("CVE-2018-3620 CVE-2018-3646 XSA-273", "CVE-2018-3620,CVE-2018-3646", "XSA-273")]
    [InlineData("CVE-2017-2616 (+ regression fix)", "CVE-2017-2616", "")]
    [InlineData("CVE_2019-2426", "CVE-2019-2426", "")]
    [InlineData("CVE-2019-13619.", "CVE-2019-13619", "")]
    [InlineData("CVE-2017-XXXX", "", "")]
    [InlineData("CVE N/A", "", "")]
    [InlineData("TALOS-2018-0690 RUSTSEC-2021-0001", "", "TALOS-2018-0690,RUSTSEC-2021-0001")]
    [InlineData("", "", "")]
    public void ReadsIdsOutOfEntriesWrittenByHand(string entry, string cves, string others)
    {
        AlpineIds ids = AlpineIds.Of(entry);

        Assert.Equal((cves, others), (string.Join(',', ids.Cves), string.Join(',', ids.Others)));
    }

    [Theory]
    [InlineData("""{"distroversion":"v3.20","packages":[{"pkg":{"secfixes":{}}},7,{"pkg":[]}]}""", 3)]
    [InlineData("""{"packages":[{"pkg":{"name":"a","secfixes":{"1":"CVE-2024-0001","2":[7],"":["CVE-2024-0001"],"3":["nothing"]}}}]}""", 4)]
    public async Task NamesWhatIsMalformed(string json, int malformed)
    {
        FeedReading reading = await ReadAsync(json);

        Assert.Empty(reading.Records);
        Assert.Equal(malformed, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("""{"distroversion":"v3.19","packages":[]}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public async Task RefusesAnotherReleaseOrDocument(string json)
    {
        await Assert.ThrowsAsync<FeedException>(() => ReadAsync(json));
    }

    [Theory]
    [InlineData("v3.20/main.json", true)]
    [InlineData("alpine/secdb/edge/community.json", true)]
    [InlineData("v3.20/testing.json", false)]
    [InlineData("v3.20/main.yaml", false)]
    [InlineData("main.json", false)]
    [InlineData("indexof.html", false)]
    public void RecognisesMainAndCommunityOfAnyRelease(string path, bool expected)
    {
        Assert.Equal(expected, new AlpineSecdbFeed().Recognises(path));
    }

    [Fact]
    public async Task AsksForTheReleasesThatTheIndexLists()
    {
        string index = await File.ReadAllTextAsync(SharedData.Path("data", "feeds", "alpine", "secdb", "indexof.html"), TestContext.Current.CancellationToken);

        IReadOnlyList<string> paths = await FeedWeb.PlanAsync(
            new AlpineSecdbFeed(), "https://secdb.example", new Dictionary<string, string> { ["https://secdb.example/"] = index });

        Assert.Equal(["edge/main.json", "edge/community.json", "v3.16/main.json", "v3.16/community.json", "v3.2/main.json"], paths);
    }

    [Fact]
    public async Task TriesReleasesWhereThereIsNoIndex()
    {
        var pages = new Dictionary<string, string>
        {
            ["https://mirror.example/a/v3.3/main.json"] = "{}",
            ["https://mirror.example/a/v3.4/main.json"] = "{}",
            ["https://mirror.example/a/edge/main.json"] = "{}",
        };

        Assert.Equal(
            ["v3.3/main.json", "v3.3/community.json", "v3.4/main.json", "v3.4/community.json", "edge/main.json", "edge/community.json"],
            await FeedWeb.PlanAsync(new AlpineSecdbFeed(), "https://mirror.example/a", pages));
    }

    [Fact]
    public async Task CannotTellWhatToAskForWhereThereIsNothing()
    {
        await Assert.ThrowsAsync<FeedException>(() => FeedWeb.PlanAsync(new AlpineSecdbFeed(), "https://mirror.example", new Dictionary<string, string>()));
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new AlpineSecdbFeed(), Path, Made);

    [Fact]
    public async Task AsksForNoMoreReleasesThanThereCanBeOfAServerThatHasEverything()
    {
        using var http = new HttpClient(new Everything());

        FeedPlan plan = await new AlpineSecdbFeed().PlanAsync(
            new FeedSource("https://mirror.example", http), new Dictionary<string, KnownDocument>(), TestContext.Current.CancellationToken);

        Assert.InRange(plan.Documents.Count, 1, 200);
    }

    private sealed class Everything : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent("<html>It works!</html>") });
        }
    }
}
