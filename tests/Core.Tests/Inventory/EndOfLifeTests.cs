using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class EndOfLifeTests
{
    [Theory]
    [InlineData("debian", "11", "2024-08-14", "2026-08-31")]
    [InlineData("ubuntu", "20.04", "2025-05-31", "2030-04-02")]
    [InlineData("alpine", "3.20.3", "2026-04-01", null)]
    [InlineData("alpine", "3.20", "2026-04-01", null)]
    [InlineData("rhel", "8.10", "2029-05-31", "2033-05-31")]
    [InlineData("rocky", "9.3", "2032-05-31", null)]
    [InlineData("amzn", "2018.03", "2023-12-31", null)]
    [InlineData("photon", "4.0", "2027-10-11", null)]
    [InlineData("sles", "15", "2019-12-31", "2022-12-31")]
    [InlineData("sles", "15.3", "2022-12-31", "2025-12-31")]
    [InlineData("opensuse-leap", "15.5", "2024-12-31", null)]
    public void KnowsWhenAReleaseEnds(string id, string version, string end, string? extended)
    {
        EndOfLife? known = EndOfLife.Of(new Distribution(id, version));

        Assert.Equal((end, extended), (known?.Date.ToString("O"), known?.Extended?.ToString("O")));
        Assert.StartsWith("https://", known?.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alpine", "3.21.0_alpha20240807")]
    [InlineData("alpine", "edge")]
    [InlineData("arch", "")]
    [InlineData("debian", "")]
    [InlineData("sles", "15.9")]
    [InlineData("plan9", "4")]
    public void SaysNothingOfWhatItDoesNotKnow(string id, string version) => Assert.Null(EndOfLife.Of(new Distribution(id, version)));

    [Fact]
    public void TellsCentOsStreamFromCentOsLinux()
    {
        Assert.Equal(new DateOnly(2021, 12, 31), EndOfLife.Of(new Distribution("centos", "8", "CentOS Linux 8"))?.Date);
        Assert.Equal(new DateOnly(2024, 5, 31), EndOfLife.Of(new Distribution("centos", "8", "CentOS Stream 8"))?.Date);
    }

    [Fact]
    public void NewerDatesCountBeforeThoseOfTheApp()
    {
        var newer = new Dictionary<(string Id, string Release), EndOfLife>
        {
            [("debian", "11")] = new(new DateOnly(2030, 1, 1), null, "https://example.org"),
            [("alpine", "3.99")] = new(new DateOnly(2040, 1, 1), null, "https://example.org"),
        };

        Assert.Equal(new DateOnly(2030, 1, 1), EndOfLife.Of(new Distribution("debian", "11.5"), newer)?.Date);
        Assert.Equal(new DateOnly(2040, 1, 1), EndOfLife.Of(new Distribution("alpine", "3.99.1"), newer)?.Date);
        Assert.Equal(new DateOnly(2026, 7, 11), EndOfLife.Of(new Distribution("debian", "12"), newer)?.Date);
    }

    [Fact]
    public void SaysWhoGetsFixes()
    {
        EndOfLife debian = EndOfLife.Of(new Distribution("debian", "10"))!;

        Assert.False(debian.IsOverOn(new DateOnly(2022, 9, 10)));
        Assert.True(debian.IsOverOn(new DateOnly(2022, 9, 11)));
        Assert.Equal(
            "Debian 10 has had fixes only for those with extended support since 2022-09-10, until 2024-06-30.",
            debian.Sentence("Debian 10", new DateOnly(2024, 6, 30)));
        Assert.Equal(
            "Debian 10 has had no fixes since 2024-06-30: what was found later may be missing here, and nobody mends it.",
            debian.Sentence("Debian 10", new DateOnly(2024, 7, 1)));
    }

    [Fact]
    public void SaysNothingWithoutADistribution() => Assert.Null(EndOfLife.Of(null));
}
