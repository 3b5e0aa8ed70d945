using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Chainguard;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Chainguard;

/// <summary>The input is written from the format's public description, since the licence of the data forbids changed copies.</summary>
public sealed class ChainguardFeedTests
{
    private static readonly ChainguardFeed Feed = new(TimeProvider.System);

    private static Task<FeedReading> ReadAsync(string events, string specific, string ecosystem = "Chainguard") => FeedReading.OfTextAsync(Feed, "CGA-2222-2222-2222.json", $$"""
        {"id":"CGA-2222-2222-2222","modified":"2026-02-11T09:15:00Z","severity":null,"references":null,"upstream":["CVE-2025-11111","GHSA-aaaa-bbbb-cccc"],
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"x","purl":"pkg:apk/chainguard/x?arch=aarch64"},
                      "ranges":[{"type":"ECOSYSTEM","events":[{{events}}]}],"ecosystem_specific":{{specific}}}]}
        """);

    private static string Component(string status) => $$"""{"components":[{"component_name":"x","latest_event_status":"{{status}}"}]}""";

    [Fact]
    public async Task TheFixIsOfOneArchitecture()
    {
        Advisory advisory = Assert.Single((await ReadAsync("""{"introduced":"0"},{"fixed":"2.2.33-r41"}""", Component("fixed"))).Advisories);

        AffectedPackage affected = Assert.Single(advisory.Affected);
        Assert.Equal(AdvisoryAuthority.Vendor, advisory.Authority);
        Assert.Equal(["aarch64"], affected.Architectures);
        Assert.Equal("2.2.33-r41", Assert.Single(affected.Ranges).Events[^1].Version);
    }

    [Theory]
    [InlineData("pending_upstream_fix", AdvisoryStatus.FixDeferred)]
    [InlineData("fix_not_planned", AdvisoryStatus.WillNotFix)]
    [InlineData("true_positive_determination", AdvisoryStatus.Affected)]
    [InlineData("something_new", AdvisoryStatus.Affected)]
    public async Task TheLastEventTellsWhatIsDone(string status, AdvisoryStatus expected)
    {
        FeedReading reading = await ReadAsync("""{"introduced":"0"}""", Component(status), "Wolfi");

        Assert.Equal(expected, Assert.Single(Assert.Single(reading.Advisories).Affected).Status);
    }

    [Theory]
    [InlineData("""{"components":null}""")]
    [InlineData("""{"components":[7]}""")]
    [InlineData("""[]""")]
    public async Task IsAffectedWhereTheComponentsAreMalformed(string specific)
    {
        Assert.Equal(AdvisoryStatus.Affected, Assert.Single(Assert.Single((await ReadAsync("""{"introduced":"0"}""", specific)).Advisories).Affected).Status);
    }

    [Fact]
    public async Task ADenialAboutOneComponentDeniesNothingOfThePackage()
    {
        FeedReading reading = await ReadAsync("""{"introduced":"0"},{"fixed":"0"}""", Component("false_positive_determination"));

        Assert.Empty(Assert.Single(reading.Advisories).Affected);
        Assert.Equal(1, reading.Report.Skipped["denies that one component of a package has it"]);
    }

    [Fact]
    public void IsOffForItsLicence()
    {
        Assert.StartsWith("its licence forbids commercial use", Feed.Description.OffBecause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chainguard/v3/osv/chainguard-osv.tar.gz", true)]
    [InlineData("CGA-2222-2222-2222.json", true)]
    [InlineData("chainguard/security.json", false)]
    public void RecognisesItsDocuments(string path, bool recognised)
    {
        Assert.Equal(recognised, Feed.Recognises(path));
    }
}
