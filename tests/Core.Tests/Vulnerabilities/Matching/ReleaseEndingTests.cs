using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Trap 52: a release that nobody mends any more is matched all the same, and the outcome says what it is.</summary>
public sealed class ReleaseEndingTests
{
    // TestSnapshot's are made on 2026-01-02.
    [Theory]
    [InlineData("debian", "10", "2022-09-10")]
    [InlineData("debian", "11", "2024-08-14")]
    [InlineData("debian", "12", null)]
    [InlineData("alpine", "3.18.4", "2025-05-09")]
    [InlineData("wolfi", "", null)]
    public void SaysThatAReleaseWasOverWhenTheSnapshotWasMade(string id, string version, string? end)
    {
        using TestSnapshot snapshot = TestSnapshot.Of(Array.Empty<string>());

        Assert.Equal(end, snapshot.Match(new Distribution(id, version)).Ended?.Date.ToString("O"));
    }

    [Fact]
    public void AReleaseThatIsOverIsMatchedAllTheSame()
    {
        using TestSnapshot snapshot = TestSnapshot.Of(MadeRecords.Record("DSA-1", "Debian:10", "zlib", MadeRecords.FixedIn("1.2")));

        Assert.Single(snapshot.Find(new Distribution("debian", "10"), MadePackages.Deb("zlib", "1.1")));
    }

    [Fact]
    public void TheSnapshotsOwnEndsCount()
    {
        using var folder = new TemporaryFolder();
        using (var builder = new SnapshotBuilder(SnapshotTexts.Summaries))
        {
            builder.Add(new ReleaseEnd("debian", "10", new DateOnly(2027, 1, 1), null));
            builder.Add(new ReleaseEnd("debian", "12", new DateOnly(2025, 1, 1), new DateOnly(2028, 1, 1)));
            builder.Write(folder.File("ends.snap"), TestSnapshot.BuiltAt);
        }

        using AdvisoryDatabase database = AdvisoryDatabase.Open(folder.File("ends.snap"));

        Assert.Null(ReleaseEnding.Of(new Distribution("debian", "10"), database));
        Assert.Equal(
            new EndOfLife(new DateOnly(2025, 1, 1), new DateOnly(2028, 1, 1), "https://endoflife.date/"),
            ReleaseEnding.Of(new Distribution("debian", "12"), database));
    }
}
