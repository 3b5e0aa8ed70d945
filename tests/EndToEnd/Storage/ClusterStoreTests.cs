using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using Eventually = ImageScan.EndToEnd.Scans.Eventually;

namespace ImageScan.EndToEnd.Storage;

public sealed class ClusterStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly ClusterStore _store;

    public ClusterStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = new ClusterStore(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task ListsNoneBeforeTheFirstHeartbeat() => Assert.Empty(await _store.ListAsync(Token));

    [Fact]
    public async Task KeepsTheIdOfTheFirstHeartbeat()
    {
        string first = await _store.BeatAsync("edge", "0.1.0", 1, Token);
        string second = await _store.BeatAsync("edge", "0.2.0", 2, Token);

        Cluster cluster = Assert.Single(await _store.ListAsync(Token));
        Assert.True(Guid.TryParse(first, out _));
        Assert.Equal(first, second);
        Assert.Equal((first, "edge", "0.2.0", 2), (cluster.Id, cluster.Name, cluster.ProductVersion, cluster.MessageForm));
    }

    [Fact]
    public async Task GivesOneIdToInstancesThatBeginTogether()
    {
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _store.BeatAsync("edge", "0.1.0", 1, Token)));

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task ListsThemByName()
    {
        await _store.BeatAsync("plant", "0.1.0", 1, Token);
        await _store.BeatAsync("edge", "0.1.0", 1, Token);

        Assert.Equal(["edge", "plant"], (await _store.ListAsync(Token)).Select(cluster => cluster.Name));
    }

    [Fact]
    public async Task SeesAClusterAgainWithEveryHeartbeat()
    {
        await _store.BeatAsync("edge", "0.1.0", 1, Token);
        Cluster first = Assert.Single(await _store.ListAsync(Token));
        await Task.Delay(20, Token);

        await _store.BeatAsync("edge", "0.1.0", 1, Token);

        Cluster second = Assert.Single(await _store.ListAsync(Token));
        Assert.True(second.LastSeen > first.LastSeen, $"{first.LastSeen:O} {second.LastSeen:O}");
        Assert.InRange(second.Silence, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task SaysHowLongAClusterHasBeenSilent()
    {
        await _store.BeatAsync("edge", "0.1.0", 1, Token);

        Cluster silent = await Eventually.GetAsync(
            async () => Assert.Single(await _store.ListAsync(Token)), cluster => cluster.Silence > TimeSpan.FromSeconds(1));

        Assert.InRange(silent.Silence, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }
}
