using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

/// <summary>The real records of the shared data; the numbers were counted in the archives by a script of their own.</summary>
public sealed class OsvSharedRecordsTests
{
    private const string NoDetector = "about an ecosystem that no detector knows";

    [Theory]
    [InlineData("osv/Alpine", 2127, 0, 0)]
    [InlineData("osv/Bitnami", 7444, 0, 0)]
    [InlineData("osv/Debian", 1712, 1, 0)]
    [InlineData("osv/Go", 4291, 0, 0)]
    [InlineData("osv/Hex", 1, 0, 100)]
    [InlineData("osv/Julia", 4, 0, 1699)]
    [InlineData("osv/PyPI", 2668, 0, 0)]
    [InlineData("osv/Packagist", 591, 0, 0)]
    [InlineData("osv/Photon OS", 2621, 2077, 0)]
    [InlineData("osv/kubernetes", 0, 0, 47)]
    // Six have dates such as "2015-07-24T0:41:41Z".
    [InlineData("osv-converted/Packagist", 1586, 6, 0)]
    public async Task ReadsEveryRecordThatItShould(string folder, int records, int malformed, int withoutDetector)
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new OsvFeed(), $"advisories/{folder}/all.zip");

        Assert.Equal((records, malformed), (reading.Advisories.Count, reading.Report.Malformed));
        Assert.Equal(withoutDetector, reading.Report.Skipped.GetValueOrDefault(NoDetector));
        Assert.Empty(reading.Report.Failed);
    }

    [Fact]
    public async Task KnowsTheModulesOfAlmaLinux()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new OsvFeed(), "advisories/osv/AlmaLinux/all.zip");

        Assert.Equal(4431, reading.Advisories.Count);
        Assert.Equal(
            [new("about a module whose stream it does not name", 9), new("update that mends no vulnerability", 1197)], reading.Report.Skipped);
        Assert.All(reading.Advisories, advisory => Assert.Equal(AdvisoryAuthority.Vendor, advisory.Authority));
        Advisory node = reading.Advisories.Single(advisory => advisory.Id == "ALSA-2022:9073");
        Assert.Equal("Moderate", node.SeverityWord);
        Assert.All(node.Affected, package => Assert.Equal("nodejs:16", package.Module));
        Assert.All(
            reading.Advisories.SelectMany(advisory => advisory.Affected),
            package => Assert.Equal(
                package.Ranges.Any(range => range.Events.Any(point => point.Version.Contains(".module_el", StringComparison.Ordinal))), package.Module is not null));
    }

    [Fact]
    public async Task LeavesOutTheNoticesOfRustSec()
    {
        FeedReading reading = await FeedReading.OfSharedAsync(new OsvFeed(), "advisories/osv/crates.io/all.zip");

        Assert.Equal(428, reading.Advisories.Count);
        Assert.Equal(
            [new("about other operating systems than Linux", 16), new("informational notice of RustSec", 270)], reading.Report.Skipped);
    }
}
