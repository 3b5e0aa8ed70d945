using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class AdvisorySnapshotsTests
{
    private static AdvisorySnapshots Snapshots(AdvisorySettings settings) => new(settings, NullLogger<AdvisorySnapshots>.Instance);

    private static TestSnapshot SnapshotAbout(string name) => TestSnapshot.Of($$"""
        {"id":"A-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"{{name}}"},"versions":["1.0.0"]}]}
        """);

    [Fact]
    public void UsesTheStarterSetAndSaysSo()
    {
        using var snapshots = Snapshots(new AdvisorySettings());

        var starter = snapshots.Current();

        Assert.NotNull(starter);
        Assert.True(starter.Origin.IsStarterSet);
        Assert.Same(starter, snapshots.Current());
    }

    [Fact]
    public void HasNoneWithoutTheStarterSet()
    {
        using var snapshots = Snapshots(new AdvisorySettings { UseStarterSet = false });

        Assert.Null(snapshots.Current());
    }

    [Fact]
    public void AMissingFileIsNoReasonToUseTheStarterSet()
    {
        using var folder = new TemporaryFolder();
        using var snapshots = Snapshots(new AdvisorySettings { Path = folder.File("missing.snap") });

        Assert.Throws<AdvisoryDatabaseException>(snapshots.Current);
    }

    [Fact]
    public void SwapsWhenTheFileChanges()
    {
        using var folder = new TemporaryFolder();
        using var first = SnapshotAbout("x");
        using var second = SnapshotAbout("another-name");
        string path = folder.File("a.snap");
        File.Copy(first.Path, path);
        using var snapshots = Snapshots(new AdvisorySettings { Path = path });
        var before = snapshots.Current()!;

        File.Copy(second.Path, folder.File("b.snap"));
        File.SetLastWriteTimeUtc(folder.File("b.snap"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.Move(folder.File("b.snap"), path, overwrite: true);
        var after = snapshots.Current()!;

        Assert.Equal(first.Database.Origin.Id, before.Origin.Id);
        Assert.Equal(second.Database.Origin.Id, after.Origin.Id);
        Assert.False(after.Origin.IsStarterSet);
        Assert.Single(before.Lookup().Find(OsvEcosystem.Parse("npm"), "x"));
    }

    [Fact]
    public void KeepsTheOpenOneWhileTheFileIsBroken()
    {
        using var folder = new TemporaryFolder();
        using var good = SnapshotAbout("x");
        string path = folder.File("a.snap");
        File.Copy(good.Path, path);
        using var snapshots = Snapshots(new AdvisorySettings { Path = path });
        var before = snapshots.Current();

        File.WriteAllText(folder.File("b.snap"), "broken");
        File.Move(folder.File("b.snap"), path, overwrite: true);

        Assert.Same(before, snapshots.Current());
    }
}
