using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>The refresh by the clock, with a stand-in for the feeds.</summary>
public sealed class PublicationByTheClockTests(SharedAzurite azurite) : IDisposable
{
    private readonly PublicationRoom _room = new(azurite);
    private readonly TaskCompletionSource _making = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task PublishesAndUsesWhatTheFeedsSay()
    {
        AdvisorySnapshots instance = _room.Instance();

        RefreshTurn outcome = await Timer(Copy, instance: instance).RunAsync(Token);

        Assert.Equal(RefreshTurn.Published, outcome);
        Assert.Equal((await _room.LatestAsync()).Current.Id, instance.Current()!.Origin.Id);
    }

    [Fact]
    public async Task RunsWhenTheHoursAreOverAndNotBefore()
    {
        AdvisoryRefreshTimer timer = Timer(Copy);
        Assert.Equal(RefreshTurn.Published, await timer.RunAsync(Token));

        _room.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(RefreshTurn.NotDue, await timer.RunAsync(Token));
        _room.Time.Advance(TimeSpan.FromMinutes(45));
        Assert.Equal(RefreshTurn.Published, await timer.RunAsync(Token));

        Assert.Single((await _room.LatestAsync()).Previous);
    }

    [Fact]
    public async Task RunsAtOnceWhenWhatIsPublishedIsOfAnotherFormat()
    {
        await Timer(Copy).RunAsync(Token);
        LatestAnswer now = await _room.Blobs.ReadLatestAsync(known: null, Token);
        PublishedSnapshot foreign = now.Latest!.Current with { Format = 1 };
        await _room.Blobs.TrySwitchAsync(new LatestSnapshot { Current = foreign, Previous = [] }, now.ETag, Token);
        _room.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(RefreshTurn.Published, await Timer(Copy).RunAsync(Token));
    }

    [Fact]
    public async Task DoesNothingWhenItIsOff()
    {
        Assert.Equal(RefreshTurn.Off, await Timer(Copy, new AdvisorySettings { Refresh = false }).RunAsync(Token));

        Assert.Null(await _room.Publisher.LatestAsync(Token));
    }

    [Fact]
    public async Task RunsOnOneInstanceOnly()
    {
        Task<RefreshTurn> first = Timer(SlowCopyAsync).RunAsync(Token);
        await _making.Task.WaitAsync(Token);

        RefreshTurn second = await Timer((_, _, _) => throw new InvalidOperationException("Both make one.")).RunAsync(Token);
        _made.SetResult();

        Assert.Equal(RefreshTurn.Busy, second);
        Assert.Equal(RefreshTurn.Published, await first);
        _room.Time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(RefreshTurn.Published, await Timer(Copy).RunAsync(Token));
    }

    // As when a process sleeps for longer than its lease lasts.
    [Fact]
    public async Task PublishesNothingWhenItsLeaseIsAnothers()
    {
        Task<RefreshTurn> first = Timer(SlowCopyAsync).RunAsync(Token);
        await _making.Task.WaitAsync(Token);
        BlobClient blob = (await _room.ContainerAsync()).GetBlobClient("refresh.lock");
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);
        await blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(15), cancellationToken: Token);

        _made.SetResult();

        Assert.Contains("lease", (await Assert.ThrowsAsync<PublicationException>(() => first)).Message, StringComparison.Ordinal);
        Assert.Null(await _room.Publisher.LatestAsync(Token));
    }

    [Fact]
    public async Task StopsMakingWhenItsLeaseIsLost()
    {
        Task<RefreshTurn> first = Timer(SlowCopyAsync).RunAsync(Token);
        await _making.Task.WaitAsync(Token);
        BlobClient blob = (await _room.ContainerAsync()).GetBlobClient("refresh.lock");
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);

        await Scans.Eventually.GetAsync(
            () =>
            {
                _room.Time.Advance(TimeSpan.FromSeconds(16));
                return Task.FromResult(first.IsCompleted);
            },
            ended => ended);

        Assert.Contains("lease", (await Assert.ThrowsAsync<PublicationException>(() => first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesUpBeforeTheHostWould()
    {
        Task<RefreshTurn> run = Timer(SlowCopyAsync, new AdvisorySettings { RefreshMinutes = 3 }).RunAsync(Token);
        await _making.Task.WaitAsync(Token);

        _room.Time.Advance(TimeSpan.FromMinutes(3));

        Assert.Contains("RefreshMinutes", (await Assert.ThrowsAsync<PublicationException>(() => run)).Message, StringComparison.Ordinal);
        Assert.Equal(RefreshTurn.Published, await Timer(Copy).RunAsync(Token));
    }

    [Fact]
    public async Task LeavesAThirdOfItsTimeForTheBuildAndTheUpload()
    {
        TimeSpan given = default;

        await Timer(
            (path, reading, token) =>
            {
                given = reading;
                return Copy(path, reading, token);
            },
            new AdvisorySettings { RefreshMinutes = 9 }).RunAsync(Token);

        Assert.Equal(TimeSpan.FromMinutes(6), given);
    }

    [Fact]
    public async Task LeavesWhatIsPublishedWhenTheFeedsFail()
    {
        string folder = Path.Combine(_room.Made.Folder, "cache");
        await Timer(Copy).RunAsync(Token);
        string published = (await _room.LatestAsync()).Current.Id;
        _room.Time.Advance(TimeSpan.FromHours(7));

        await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => Timer(
            async (path, _, token) =>
            {
                await File.WriteAllTextAsync(path, "half", token);
                throw new AdvisoryDatabaseException("Nothing could be read.");
            },
            folder: folder).RunAsync(Token));

        Assert.Equal(published, (await _room.LatestAsync()).Current.Id);
        Assert.Empty(Directory.GetFiles(folder));
        Assert.Equal(RefreshTurn.Published, await Timer(Copy).RunAsync(Token));
    }

    [Fact]
    public async Task KeepsBesideAPinWhatItMakes()
    {
        await Timer(Copy).RunAsync(Token);
        string good = (await _room.LatestAsync()).Current.Id;
        _room.Time.Advance(TimeSpan.FromHours(6));
        await Timer(Copy).RunAsync(Token);
        await _room.Publisher.RollBackAsync(null, Token);
        _room.Time.Advance(TimeSpan.FromHours(6));

        await Timer(Copy).RunAsync(Token);

        LatestSnapshot latest = await _room.LatestAsync();
        Assert.Equal((good, true, 2), (latest.Current.Id, latest.IsPinned, latest.Previous.Count));
        Assert.Equal(RefreshTurn.NotDue, await Timer(Copy).RunAsync(Token));
    }

    private AdvisoryRefreshTimer Timer(SnapshotMaking make, AdvisorySettings? settings = null, AdvisorySnapshots? instance = null, string? folder = null)
    {
        SnapshotCache cache = _room.Cache(folder);
        return new AdvisoryRefreshTimer(
            make,
            _room.Blobs,
            _room.Publisher,
            cache,
            instance ?? _room.Instance(cache),
            settings ?? new AdvisorySettings(),
            _room.Time,
            NullLogger<AdvisoryRefreshTimer>.Instance);
    }

    private Task Copy(string path, TimeSpan reading, CancellationToken cancellationToken)
    {
        File.Copy(_room.Made.Make(_room.Time.GetUtcNow(), ("CVE-2026-1", "lodash")), path);
        return Task.CompletedTask;
    }

    private async Task SlowCopyAsync(string path, TimeSpan reading, CancellationToken cancellationToken)
    {
        _making.SetResult();
        await _made.Task.WaitAsync(cancellationToken);
        await Copy(path, reading, cancellationToken);
    }
}
