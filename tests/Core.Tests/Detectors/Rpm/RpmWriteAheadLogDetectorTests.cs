using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class RpmWriteAheadLogDetectorTests
{
    private const string Log = "var/lib/rpm/rpmdb.sqlite-wal";
    private const int PageBytes = 512;
    private const byte Salt = 7;

    private readonly RpmWriteAheadLogDetector _detector = new();

    [Fact]
    public void SaysThatTheLogHasChanges() =>
        Assert.Contains("changes in this log", Assert.Single(Read([.. Header(), .. Frame(Salt, 0), .. Frame(Salt, 9)])).Reason, StringComparison.Ordinal);

    [Fact]
    public void IsSilentAboutALogWithoutChanges()
    {
        Assert.Empty(Read([]));
        Assert.Empty(Read(Header()));

        // Of an earlier log; of a transaction that was broken off; cut off itself.
        Assert.Empty(Read([.. Header(), .. Frame(Salt + 1, 9)]));
        Assert.Empty(Read([.. Header(), .. Frame(Salt, 0)]));
        Assert.Empty(Read([.. Header(), .. Frame(Salt, 9).AsSpan()[..^1]]));
        Assert.Empty(Read([.. Enumerable.Repeat((byte)0xFF, 10_000)]));
    }

    [Theory]
    [InlineData("var/lib/rpm/rpmdb.sqlite-wal", true)]
    [InlineData("usr/lib/sysimage/rpm/rpmdb.sqlite-wal", true)]
    [InlineData("var/lib/rpm/rpmdb.sqlite", false)]
    [InlineData("var/lib/x/rpmdb.sqlite-wal", false)]
    public void WantsTheLogBesideADatabase(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    private IReadOnlyList<InventoryWarning> Read(byte[] log) => Detection.Read(_detector, Log, log).Warnings;

    private static byte[] Header() => [0x37, 0x7F, 0x06, 0x82, .. new byte[4], 0, 0, PageBytes >> 8, 0, .. new byte[4], .. Salts(Salt), .. new byte[8]];

    private static byte[] Frame(byte salt, byte pagesAfter) => [0, 0, 0, 1, 0, 0, 0, pagesAfter, .. Salts(salt), .. new byte[8 + PageBytes]];

    private static byte[] Salts(byte salt) => [.. Enumerable.Repeat(salt, 8)];
}
