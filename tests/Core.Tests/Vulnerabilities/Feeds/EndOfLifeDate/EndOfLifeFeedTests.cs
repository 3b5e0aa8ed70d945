using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.EndOfLifeDate;

public sealed class EndOfLifeFeedTests
{
    // Written after https://endoflife.date/docs/api/v1/; dates of those products.
    private const string Products = """
        {
          "schema_version": "1.2.0", "generated_at": "2026-01-01T00:00:00+00:00", "total": 4,
          "result": [
            {"name": "nginx", "category": "server-app", "releases": [{"name": "1.28", "eolFrom": null}]},
            {
              "name": "debian", "aliases": [], "label": "Debian", "category": "os",
              "releases": [
                {"name": "12", "codename": "Bookworm", "isEol": false, "eolFrom": "2026-07-11", "isEoes": false, "eoesFrom": "2028-06-30", "isMaintained": true},
                {"name": "10", "codename": "Buster", "isEol": true, "eolFrom": "2022-09-10", "isEoes": true, "eoesFrom": "2024-06-30", "isMaintained": false}
              ]
            },
            {"name": "oracle-linux", "releases": [{"name": "10", "isEol": false, "eolFrom": null, "eoesFrom": null}, {"name": "9", "eolFrom": "2032-06-30", "eoesFrom": "2035-06-30"}]},
            {"name": "opensuse", "releases": [{"name": "15.6", "eolFrom": "2026-04-30"}, {"name": "42.3", "eolFrom": "2019-07-01"}]}
          ]
        }
        """;

    private const string Page = """
        ---
        title: Alpine Linux
        auto:
          methods:
          - git: https://example.org/x.git
        # A remark.
        releases:
        -   releaseCycle: "3.20"
            releaseDate: 2024-05-22
            eol: 2026-04-01
            custom: {a: [b, c]}
            latest: '3.20.3'
        -   releaseCycle: 3.19
            eol: 2025-11-01
        -   releaseCycle: "3.99"
            eol: false

        ---
        > [Alpine Linux](https://alpinelinux.org) is: a "distribution": [
        """;

    private readonly EndOfLifeFeed _feed = new();

    [Fact]
    public async Task ReadsTheReleasesOfDistributions()
    {
        var reading = await FeedReading.OfTextAsync(_feed, "endoflife.json", Products);

        Assert.Equal(
            [
                new ReleaseEnd("debian", "12", new DateOnly(2026, 7, 11), new DateOnly(2028, 6, 30)),
                new ReleaseEnd("debian", "10", new DateOnly(2022, 9, 10), new DateOnly(2024, 6, 30)),
                new ReleaseEnd("ol", "9", new DateOnly(2032, 6, 30), new DateOnly(2035, 6, 30)),
                new ReleaseEnd("opensuse-leap", "15.6", new DateOnly(2026, 4, 30), null),
                new ReleaseEnd("opensuse", "42.3", new DateOnly(2019, 7, 1), null),
            ],
            EndsOf(reading));
        Assert.Equal(
            [KeyValuePair.Create("a product that is no distribution known here", 1), KeyValuePair.Create("a release without an announced end", 1)],
            reading.Report.Skipped);
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsThePagesOfTheRepository()
    {
        var reading = await FeedReading.OfAsync(_feed, "endoflife-date/master.tar.gz", Archive(("r/products/alpine-linux.md", Page), ("r/products/nginx.md", "{"), ("r/README.md", "{")));

        Assert.Equal(
            [new ReleaseEnd("alpine", "3.20", new DateOnly(2026, 4, 1), null), new ReleaseEnd("alpine", "3.19", new DateOnly(2025, 11, 1), null)],
            EndsOf(reading));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsTheSampleOfTheRepository()
    {
        var reading = await FeedReading.OfSharedAsync(_feed, "feeds/endoflife-date/products/happy/master.tar.gz");

        ReleaseEnd[] ends = EndsOf(reading);
        Assert.All(ends, end => Assert.Equal("ubuntu", end.DistributionId));
        Assert.Equal(new ReleaseEnd("ubuntu", "24.10", new DateOnly(2025, 7, 11), null), ends[0]);
        Assert.Equal(new ReleaseEnd("ubuntu", "22.04", new DateOnly(2027, 4, 1), new DateOnly(2032, 4, 9)), ends.Single(end => end.Release == "22.04"));
        Assert.Equal(new ReleaseEnd("ubuntu", "20.04", new DateOnly(2025, 5, 31), new DateOnly(2030, 4, 2)), ends.Single(end => end.Release == "20.04"));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("""{"result":[{"name":"debian","releases":[{"name":"x","eolFrom":"2026-07-11"}]}]}""")]
    [InlineData("""{"result":[{"name":"debian","releases":[{"name":"12","eolFrom":"soon"}]}]}""")]
    [InlineData("""{"result":[{"releases":[]}]}""")]
    [InlineData("""{"result":[3]}""")]
    [InlineData("""{"result":[{"name":"debian","releases":[{"name":"12","eolFrom":"\ud800"}]}]}""")]
    public async Task CountsWhatIsNoEndOfARelease(string products)
    {
        var reading = await FeedReading.OfTextAsync(_feed, "endoflife.json", products);

        Assert.Empty(reading.Records);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("no page")]
    [InlineData("---\nreleases: &a [*a, *a]\n")]
    [InlineData("---\nreleases:\n- releaseCycle: \"12\n")]
    public async Task ReadsNothingOfABrokenPage(string page) =>
        Assert.Empty((await FeedReading.OfAsync(_feed, "endoflife.tar.gz", Archive(("r/products/debian.md", page)))).Records);

    [Fact]
    public async Task RefusesDeepNesting()
    {
        string page = "---\nx: " + new string('[', 10_000);

        var reading = await FeedReading.OfAsync(_feed, "endoflife.tar.gz", Archive(("r/products/debian.md", page)));

        Assert.Equal(1, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("endoflife-date/products/happy/master.tar.gz", true)]
    [InlineData("endoflife/full.json", true)]
    [InlineData("endoflife.json", true)]
    [InlineData("vex/master.tar.gz", false)]
    [InlineData("full.json", false)]
    public void RecognisesCopies(string path, bool isOne) => Assert.Equal(isOne, _feed.Recognises(path));

    [Fact]
    public async Task TakesAnythingThatIsSpoilt()
    {
        await SpoiltDocuments.ReadAsync(_feed, "endoflife.json", Products, iter: 1000);
        await SpoiltDocuments.ReadAsync(_feed, "endoflife.tar", Tar(("r/products/debian.md", Page)), iter: 3000);
    }

    private static ReleaseEnd[] EndsOf(FeedReading reading) =>
        [.. reading.Records.OfType<ReleaseEnd>().Select(end => end with { Source = "", Feed = "" })];

    private static byte[] Archive(params (string Path, string Text)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Tar(files));
        }

        return packed.ToArray();
    }

    private static byte[] Tar(params (string Path, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return bytes.ToArray();
    }
}
