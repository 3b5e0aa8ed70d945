using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

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

    [Fact]
    public async Task LeaveNoFileOpenAfterManySwaps()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "Open files are counted in /proc.");
        using var folder = new TemporaryFolder();
        using var first = SnapshotAbout("x");
        using var second = SnapshotAbout("y");
        var publication = new MadePublication();
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication);

        for (int swap = 0; swap < 200; swap++)
        {
            string path = folder.File($"{swap}.snap");
            File.Copy(swap % 2 == 0 ? first.Path : second.Path, path);
            publication.Next = path;
            Assert.True(await snapshots.PollAsync(TestContext.Current.CancellationToken));
            Assert.Single(snapshots.Current()!.Lookup().Find(OsvEcosystem.Parse("npm"), swap % 2 == 0 ? "x" : "y"));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal([folder.File("199.snap")], OpenFilesIn(folder.File("")));
    }

    // A match that began before a swap goes on with what it has, whatever the collector does meanwhile.
    [Fact]
    public async Task StayOpenForWhoeverIsInTheMiddleOfAMatch()
    {
        using var first = SnapshotAbout("x");
        using var second = SnapshotAbout("y");
        var publication = new MadePublication { Next = first.Path };
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication);
        await snapshots.PollAsync(TestContext.Current.CancellationToken);
        AdvisoryLookup begun = snapshots.Current()!.Lookup();

        publication.Next = second.Path;
        await snapshots.PollAsync(TestContext.Current.CancellationToken);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Single(begun.Find(OsvEcosystem.Parse("npm"), "x"));
        Assert.Empty(snapshots.Current()!.Lookup().Find(OsvEcosystem.Parse("npm"), "x"));
    }

    [Fact]
    public async Task KeepAScanWaitingForTwentySecondsAtMost()
    {
        var time = new FakeTimeProvider();
        var publication = new MadePublication { Answer = new TaskCompletionSource() };
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication, time);

        Task ready = snapshots.ReadyAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(ready.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await ready.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(snapshots.Current()!.Origin.IsStarterSet);
    }

    [Fact]
    public async Task AreThereForScansThatWaited()
    {
        using var made = SnapshotAbout("x");
        var publication = new MadePublication { Next = made.Path, Answer = new TaskCompletionSource() };
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication, new FakeTimeProvider());
        Task[] waiting = [.. Enumerable.Range(0, 5).Select(_ => snapshots.ReadyAsync(TestContext.Current.CancellationToken))];

        publication.Answer.SetResult();
        await Task.WhenAll(waiting);

        Assert.Equal(made.Database.Origin.Id, snapshots.Current()!.Origin.Id);
        Assert.Equal(1, publication.Asked);
    }

    [Fact]
    public async Task FailNoScanWhateverThePollRunsInto()
    {
        var publication = new MadePublication { Failure = new InvalidOperationException(), Answer = new TaskCompletionSource() };
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication, new FakeTimeProvider());
        Task ready = snapshots.ReadyAsync(TestContext.Current.CancellationToken);

        publication.Answer.SetResult();
        await ready;
        await snapshots.ReadyAsync(TestContext.Current.CancellationToken);

        Assert.True(snapshots.Current()!.Origin.IsStarterSet);
    }

    [Fact]
    public async Task KeepTheOpenOneWhileWhatIsPublishedCannotBeHad()
    {
        using var made = SnapshotAbout("x");
        var publication = new MadePublication { Next = made.Path };
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, publication);
        await snapshots.PollAsync(TestContext.Current.CancellationToken);

        publication.Failure = new AdvisoryDatabaseException("no storage");
        Assert.False(await snapshots.PollAsync(TestContext.Current.CancellationToken));

        Assert.Equal(made.Database.Origin.Id, snapshots.Current()!.Origin.Id);
    }

    private static IEnumerable<string> OpenFilesIn(string folder) =>
        Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "").Where(path => path.StartsWith(folder, StringComparison.Ordinal));

    private sealed class MadePublication : ISnapshotPublication
    {
        public string? Next { get; set; }

        public Exception? Failure { get; set; }

        public TaskCompletionSource? Answer { get; init; }

        public int Asked { get; private set; }

        public bool IsPinned => false;

        public async Task<string?> FetchAsync(string? openId, CancellationToken cancellationToken)
        {
            Asked++;
            await (Answer?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
            return Failure is { } failure ? throw failure : Next;
        }
    }
}
