using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class WatchStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly WatchStore _store;

    public WatchStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = new WatchStore(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task ListsEachNameOnceInOrder()
    {
        foreach (string name in new[] { "nginx", "alpine", "localhost:5000/z_z/a:b", "docker.io/library/nginx:latest" })
        {
            await AddAsync(name, Scans.Morning);
        }

        Assert.Equal(["docker.io/library/alpine:latest", "docker.io/library/nginx:latest", "localhost:5000/z_z/a:b"], await _store.ListAsync(Token));
    }

    [Fact]
    public async Task RemovesANameAndMindsNoneThatIsNotThere()
    {
        await AddAsync("nginx", Scans.Morning);

        await _store.RemoveAsync("docker.io/library/nginx:latest", Token);
        await _store.RemoveAsync("docker.io/library/nginx:latest", Token);
        await _store.RemoveAsync("/\\#?\n", Token);

        Assert.Empty(await _store.ListAsync(Token));
    }

    [Fact]
    public async Task FindsWhatHasNotBeenLookedAt()
    {
        await AddAsync("old", Scans.Morning);
        await AddAsync("new", Scans.Morning.AddHours(2));
        await AddAsync("ahead", Scans.Morning.AddYears(1));

        List<string> due = await _store.NotLookedAtAsync(Scans.Morning.AddHours(1), Scans.Morning.AddHours(3), Token);

        Assert.Equal(["docker.io/library/ahead:latest", "docker.io/library/old:latest"], due.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task FindsNoLongerWhatIsMarked()
    {
        await AddAsync("a", Scans.Morning);

        await _store.MarkAsync("docker.io/library/a:latest", Scans.Morning.AddHours(2), Token);

        Assert.Empty(await _store.NotLookedAtAsync(Scans.Morning.AddHours(1), Scans.Morning.AddHours(3), Token));
        Assert.Equal(["docker.io/library/a:latest"], await _store.ListAsync(Token));
    }

    // A run of the timer that has the name in hand must not bring it back.
    [Fact]
    public async Task MarksNothingThatWasRemoved()
    {
        await _store.MarkAsync("docker.io/library/a:latest", Scans.Morning, Token);

        Assert.Empty(await _store.ListAsync(Token));
    }

    private async Task AddAsync(string name, DateTimeOffset lookedAt)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? image, out string? reason), reason);
        await _store.AddAsync(image, lookedAt, Token);
    }
}
