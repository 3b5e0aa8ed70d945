using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Photon;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Photon;

public sealed class PhotonFeedTests
{
    private const string Path = "cve_data_photon4.0.json";

    // In the form of https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon4.0.json; the values are made up. Before there was
    // a status, the entries had none.
    private const string Made = """
        [{"cve_id":"CVE-2024-0001","pkg":"curl","cve_score":9.8,
           "aff_ver":"all versions before 8.16.0-1.ph4 are vulnerable","res_ver":"8.16.0-1.ph4","status":"Fixed"},
         {"cve_id":"CVE-2024-0001","pkg":"curl","cve_score":9.8,
           "aff_ver":"all versions before 8.17.0-1.ph4 are vulnerable","res_ver":"8.17.0-1.ph4","status":"Fixed"},
         {"cve_id":"CVE-2024-0002","pkg":"linux","cve_score":5,"aff_ver":"all versions before 6.1.1-1.ph4 are vulnerable","res_ver":"NA"},
         {"cve_id":"CVE-2024-0003","pkg":"linux","cve_score":0,"aff_ver":"NA","res_ver":"NA"},
         {"cve_id":"CVE-2024-0004","pkg":"linux","cve_score":3.9,"aff_ver":"NA","res_ver":"NA","status":"Not Affected"},
         {"cve_id":"CVE-2024-0005","pkg":"linux","cve_score":3.9,"aff_ver":"NA","res_ver":"NA","status":"Fixed"},
         {"cve_id":"BDSA-2025-13833","pkg":"consul","cve_score":7,"aff_ver":"NA","res_ver":"1:1.2-3.ph4","status":"Fixed"},
         {"cve_id":"UNK-1","pkg":"curl"}, {"cve_id":"Re","pkg":"linux"}, {"cve_id":"CVE-2024-0006"}, 7]
        """;

    [Fact]
    public async Task ReadsTheSampleOfRelease1()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new PhotonFeed(), "feeds/photon/cve/happy/cve_data_photon1.0.json");

        Assert.Equal(
            [
                "CVE-2020-11979/1.0/apache-ant/1.10.8-2.ph1: Photon OS:1.0 apache-ant < 1.10.8-2.ph1",
                "CVE-2020-1945/1.0/apache-ant/1.10.8-1.ph1: Photon OS:1.0 apache-ant < 1.10.8-1.ph1",
            ],
            Stated.Of(reading));
        Assert.Equal(["important", "moderate"], reading.Advisories.Select(advisory => advisory.SeverityWord));
        Assert.Equal(["CVE-2020-11979"], reading.Advisories[0].Upstream);
    }

    [Fact]
    public async Task ReadsTheSampleOfRelease4AndSkipsIdsThatNameNothing()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new PhotonFeed(), "feeds/photon/cve/happy/cve_data_photon4.0.json");

        Assert.Equal(
            [
                "CVE-2025-9086/4.0/curl/8.16.0-1.ph4: Photon OS:4.0 curl < 8.16.0-1.ph4",
                "CVE-2025-9086/4.0/curl-devel/8.16.0-1.ph4: Photon OS:4.0 curl-devel < 8.16.0-1.ph4",
                "CVE-2025-9086/4.0/curl-libs/8.16.0-1.ph4: Photon OS:4.0 curl-libs < 8.16.0-1.ph4",
            ],
            Stated.Of(reading));
        Assert.Equal(("under an id that names no vulnerability", 4), (reading.Report.Skipped.Single().Key, reading.Report.Skipped.Single().Value));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsTheSampleOfRelease5()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new PhotonFeed(), "feeds/photon/cve/happy/cve_data_photon5.0.json");

        Assert.Equal(
            [
                "CVE-2023-5115/5.0/ansible/2.14.12-1.ph5: Photon OS:5.0 ansible < 2.14.12-1.ph5",
                "BDSA-2025-13833/5.0/consul: Photon OS:5.0 consul every NotAffected",
            ],
            Stated.Of(reading));
    }

    [Fact]
    public async Task ReadsEveryFormOfAnEntry()
    {
        FeedReading reading = await FeedReading.OfTextAsync(new PhotonFeed(), Path, Made);

        Assert.Equal(
            [
                "CVE-2024-0001/4.0/curl/8.16.0-1.ph4: Photon OS:4.0 curl < 8.16.0-1.ph4",
                "CVE-2024-0001/4.0/curl/8.17.0-1.ph4: Photon OS:4.0 curl < 8.17.0-1.ph4",
                "CVE-2024-0002/4.0/linux/6.1.1-1.ph4: Photon OS:4.0 linux < 6.1.1-1.ph4",
                "CVE-2024-0003/4.0/linux: Photon OS:4.0 linux every",
                "CVE-2024-0004/4.0/linux: Photon OS:4.0 linux every NotAffected",
                "BDSA-2025-13833/4.0/consul/1:1.2-3.ph4: Photon OS:4.0 consul < 1:1.2-3.ph4",
            ],
            Stated.Of(reading));
        Assert.Equal(["critical", "critical", "moderate", null, "low", "important"], reading.Advisories.Select(advisory => advisory.SeverityWord));
        Assert.Equal(2, reading.Report.Skipped.Single().Value);
        Assert.Equal(3, reading.Report.Malformed);
    }

    [Fact]
    public async Task AsksForTheReleasesThatTheListNames()
    {
        string list = await File.ReadAllTextAsync(
            SharedData.Path("data", "feeds", "photon", "cve", "happy", "photon_versions.json"), TestContext.Current.CancellationToken);

        IReadOnlyList<string> paths = await FeedWeb.PlanAsync(
            new PhotonFeed(), "https://photon.example/x", new Dictionary<string, string> { ["https://photon.example/x/photon_versions.json"] = list });

        Assert.Equal(["cve_data_photon1.0.json", "cve_data_photon4.0.json", "cve_data_photon5.0.json"], paths);
    }

    [Theory]
    [InlineData("""{"branches":[]}""")]
    [InlineData("""{"branches":["../x",7]}""")]
    [InlineData("[]")]
    public async Task CannotTellWhatToAskForByAListWithoutReleases(string list)
    {
        await Assert.ThrowsAsync<FeedException>(() => FeedWeb.PlanAsync(
            new PhotonFeed(), "https://photon.example", new Dictionary<string, string> { ["https://photon.example/photon_versions.json"] = list }));
    }

    [Fact]
    public async Task RefusesADocumentThatIsNoList()
    {
        await Assert.ThrowsAsync<FeedException>(() => FeedReading.OfTextAsync(new PhotonFeed(), Path, """{"branches":["4.0"]}"""));
    }

    [Theory]
    [InlineData("photon/cve_data_photon5.0.json", true)]
    [InlineData("photon_versions.json", false)]
    [InlineData("cve_data_photon.json", false)]
    public void RecognisesItsDocuments(string path, bool expected)
    {
        Assert.Equal(expected, new PhotonFeed().Recognises(path));
    }

    [Fact]
    public Task ThrowsOnlyWhatItMayOnSpoiltDocuments() => SpoiltDocuments.ReadAsync(new PhotonFeed(), Path, Made);
}
