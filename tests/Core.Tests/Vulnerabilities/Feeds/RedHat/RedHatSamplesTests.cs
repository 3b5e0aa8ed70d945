using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Documents as Red Hat published them in 2024. The figures were counted by a script of its own that knows nothing of this code: products by CPE,
/// packages by the text of their ids, without sources and packages for debuggers.
/// </summary>
public sealed class RedHatSamplesTests
{
    private const string Folder = "feeds/redhat/vex/";

    [Fact]
    public async Task ReadsTheFixesOfFirefox()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new RedHatFeed(), Folder + "v1/2023/cve-2023-6212.json");

        Advisory advisory = Assert.Single(reading.Advisories);
        Assert.Equal(0, reading.Report.Malformed);
        Assert.Equal("CVE-2023-6212", advisory.Id);
        Assert.Equal("important", advisory.SeverityWord);
        Assert.Equal(new CvssVectors(V3: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H"), advisory.Vectors);
        Assert.Equal(new DateTimeOffset(2024, 8, 4, 10, 17, 22, TimeSpan.Zero), advisory.Modified);
        Assert.Equal(new DateTimeOffset(2023, 11, 21, 0, 0, 0, TimeSpan.Zero), advisory.Published);
        AffectedPackage[] mended = [.. advisory.Affected.Where(affected => affected.NameKind == PackageNameKind.Own)];
        Assert.Equal(34, mended.Length);
        Assert.Equal(16, mended.Count(affected => affected.Architectures.Count == 0));
        Assert.Equal(20, mended.Select(affected => affected.Erratum).Distinct().Count());
        Assert.All(mended, affected => Assert.Null(affected.SeverityWord));
        Assert.All(mended, affected => Assert.True(affected.Vectors.IsEmpty));
        AffectedPackage ofMain = Assert.Single(mended, affected => affected is { Name: "firefox", Ecosystem.Release: "enterprise_linux:9::appstream" });
        Assert.Equal("115.5.0-1.el9_3", ofMain.Ranges[0].Events[1].Version);
        Assert.Equal("RHSA-2023:7507", ofMain.Erratum);
        Assert.Equal(
            [("enterprise_linux:6", "firefox", AdvisoryStatus.EndOfLife), ("enterprise_linux:6", "thunderbird", AdvisoryStatus.EndOfLife)],
            advisory.Affected.Where(affected => affected.NameKind == PackageNameKind.Source)
                .Select(affected => (affected.Ecosystem.Release, affected.Name, affected.Status)));
    }

    [Theory]
    [InlineData("v1/csaf_vex_2024-08-04.tar.zst")]
    [InlineData("v2/vex-archive.tar.zst")]
    public async Task ReadsTheArchive(string archive)
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new RedHatFeed(), Folder + archive);

        Assert.Equal(0, reading.Report.Malformed);
        Assert.Equal(
            [
                "CVE-2023-6228 mended 6 not 5 denied 0",
                "CVE-2023-6238 mended 0 not 0 denied 0",
                "CVE-2023-6240 mended 660 not 4 denied 14",
                "CVE-2023-6212 mended 34 not 2 denied 0",
                "CVE-2023-6237 mended 8 not 1 denied 1",
            ],
            reading.Advisories.Select(advisory => $"{advisory.Id} mended {advisory.Affected.Count(affected => affected.Erratum is not null)} "
                + $"not {advisory.Affected.Count(affected => affected.Erratum is null && affected.Status != AdvisoryStatus.NotAffected)} "
                + $"denied {advisory.Affected.Count(affected => affected.Status == AdvisoryStatus.NotAffected)}"));
    }

    [Fact]
    public async Task TellsWhatBecomesOfOldLibraries()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new RedHatFeed(), Folder + "v1/csaf_vex_2024-08-04.tar.zst");

        Assert.Equal(
            [
                "enterprise_linux:6 libtiff EndOfLife",
                "enterprise_linux:7 compat-libtiff3 EndOfLife",
                "enterprise_linux:7 libtiff EndOfLife",
                "enterprise_linux:8 compat-libtiff3 WillNotFix",
                "enterprise_linux:8 libtiff Affected",
            ],
            reading.Advisories.Single(advisory => advisory.Id == "CVE-2023-6228").Affected.Where(affected => affected.Erratum is null)
                .Select(affected => $"{affected.Ecosystem.Release} {affected.Name} {affected.Status}"));
    }

    [Fact]
    public async Task ReadsTheEpochOfOpenSsl()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new RedHatFeed(), Folder + "v1/csaf_vex_2024-08-04.tar.zst");

        Advisory advisory = reading.Advisories.Single(advisory => advisory.Id == "CVE-2023-6237");
        IEnumerable<AffectedPackage> mended = advisory.Affected.Where(affected => affected.Erratum is not null);
        Assert.Equal(["1:3.0.7-27.el9"], mended.Select(affected => affected.Ranges[0].Events[1].Version).Distinct());
        AffectedPackage denied = Assert.Single(advisory.Affected, affected => affected.Status == AdvisoryStatus.NotAffected);
        Assert.Equal("Red Hat:enterprise_linux:9::baseos openssl-fips-provider", $"{denied.Ecosystem} {denied.Name}");
    }

    [Fact]
    public async Task ReadsTheRepositories()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new RedHatRepositoriesFeed(), "feeds/redhat/repository2cpe/repository-to-cpe.json");

        Dictionary<string, RepositoryCpes> repositories = reading.Records.OfType<RepositoryCpes>().ToDictionary(repository => repository.Repository);
        Assert.Equal(0, reading.Report.Malformed);
        Assert.Equal(8_526, repositories.Count);
        Assert.Equal(38, reading.Report.Skipped["of no product of Red Hat's"]);
        Assert.Equal(["cpe:/o:redhat:enterprise_linux:9::baseos"], repositories["rhel-9-for-x86_64-baseos-rpms"].Cpes);
        Assert.Equal(["cpe:/o:redhat:rhel_eus:8.6::baseos"], repositories["rhel-8-for-x86_64-baseos-eus-rpms__8_DOT_6"].Cpes);
        Assert.Equal(["cpe:/o:redhat:enterprise_linux:7::server"], repositories["rhel-7-server-rpms"].Cpes);
        Assert.Equal(["cpe:/a:redhat:rhel_extras_other:7"], repositories["rhel-7-server-extras-rpms"].Cpes);
    }
}
