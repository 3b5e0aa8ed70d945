using System.Globalization;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.First;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.First;

public sealed class EpssFeedTests
{
    private const string Scores = """
        #model_version:v2025.03.14,score_date:2025-06-01T12:55:00Z
        cve,epss,percentile
        CVE-1999-0001,0.01141,0.77429
        CVE-2021-44228,0.94358,0.99958

        """;

    private readonly EpssFeed _feed = new();

    [Fact]
    public async Task ReadsScoresWhateverTheMachinesCulture()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo.CurrentCulture = comma;

        var reading = await FeedReading.OfTextAsync(_feed, "epss_scores-current.csv", Scores);

        Assert.Equal(
            [("CVE-1999-0001", new EpssScore(0.01141f, 0.77429f)), ("CVE-2021-44228", new EpssScore(0.94358f, 0.99958f))],
            reading.Cves.Select(cve => (cve.Id, cve.Epss)));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Theory]
    // The form has changed three times: no percentiles, with them, with a remark before.
    [InlineData("2021-04-14", 0.65117f, 0f, 0.04773f, 0f)]
    [InlineData("2021-09-01", 0.65117f, 0.9981063485700858f, 0.04773f, 0.8715910818693242f)]
    [InlineData("2022-02-04", 0.96817f, 0.99999f, 0.17187f, 0.93112f)]
    [InlineData("2023-03-07", 0.97567f, 0.99995f, 0.00113f, 0.43131f)]
    public async Task ReadsTheFilesOfAllTimes(string day, float probability, float percentile, float secondProbability, float secondPercentile)
    {
        var reading = await FeedReading.OfSharedAsync(_feed, $"feeds/epss/epss_scores-{day}.csv.gz");

        Assert.Equal(
            [("CVE-2020-5902", new EpssScore(probability, percentile)), ("CVE-2018-19571", new EpssScore(secondProbability, secondPercentile))],
            reading.Cves.Select(cve => (cve.Id, cve.Epss)));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("CVE-2021-44228")]
    [InlineData("CVE-2021-44228,0.5")]
    [InlineData("CVE-2021-44228,1.5,0.5")]
    [InlineData("CVE-2021-44228,-0.1,0.5")]
    [InlineData("CVE-2021-44228,NaN,0.5")]
    [InlineData("CVE-2021-44228,0,5,0.5")]
    [InlineData("GHSA-jfh8-c2jp-5v3q,0.5,0.5")]
    public async Task CountsLinesThatAreNoScores(string line)
    {
        var reading = await FeedReading.OfTextAsync(_feed, "epss_scores-current.csv", $"cve,epss,percentile\n{line}\nCVE-2020-5902,0.5,0.5\n");

        Assert.Equal("CVE-2020-5902", Assert.Single(reading.Cves).Id);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#model_version:v2025.03.14\n")]
    [InlineData("<html>\n<body>")]
    [InlineData("CVE-2020-5902,0.5,0.5\n")]
    public async Task RefusesWhatHasNoColumns(string text) =>
        await Assert.ThrowsAsync<FeedException>(() => FeedReading.OfTextAsync(_feed, "epss_scores-current.csv", text));

    [Theory]
    [InlineData("epss/epss_scores-2023-03-07.csv.gz", true)]
    [InlineData("epss_scores-current.csv", true)]
    [InlineData("epss/scores.csv", false)]
    public void RecognisesScores(string path, bool isOne) => Assert.Equal(isOne, _feed.Recognises(path));

    [Fact]
    public Task TakesAnythingThatIsSpoilt() =>
        SpoiltDocuments.ReadAsync(_feed, "epss_scores-current.csv", Scores, iter: 2000);
}
