using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Unread;

namespace ImageScan.Core.Tests.Detectors.Unread;

public sealed class UnreadDatabaseDetectorTests
{
    [Theory]
    [InlineData("var/lib/pacman/local/ALPM_DB_VERSION", "pacman")]
    [InlineData("var/lib/chisel/manifest.wall", "Chisel")]
    public void SaysThatADatabaseIsNotRead(string path, string kind)
    {
        FileFindings found = Detection.Read(new UnreadDatabaseDetector(), path, "");

        Assert.Empty(found.Packages);
        Assert.Contains(kind, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WantsNothingElse() => Assert.False(new UnreadDatabaseDetector().Wants("var/lib/chisel/other"));
}
