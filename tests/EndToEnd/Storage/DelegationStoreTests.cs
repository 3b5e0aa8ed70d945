using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

public sealed class DelegationStoreTests : IDisposable
{
    private static readonly DelegationConfig Config = new()
    {
        EnabledFor = DelegatedImages.Specific,
        DefaultClusterId = "c1",
        Registries = [new DelegatedRegistry("quay.io/ä\"", "c2"), new DelegatedRegistry("ghcr.io", "")],
    };

    private readonly StorageAccount _account;
    private readonly FakeTimeProvider _time = new();

    public DelegationStoreTests(SharedAzurite azurite) => _account = azurite.OwnTables();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task DelegatesNothingBeforeItWasPut() => Assert.Equal(DelegatedImages.None, (await NewStore().FindAsync(Token)).EnabledFor);

    [Fact]
    public async Task FindsWhatWasPutLast()
    {
        await NewStore().SaveAsync(new DelegationConfig { EnabledFor = DelegatedImages.All }, Token);
        await NewStore().SaveAsync(Config, Token);

        DelegationConfig found = await NewStore().FindAsync(Token);

        Assert.Equal((Config.EnabledFor, Config.DefaultClusterId), (found.EnabledFor, found.DefaultClusterId));
        Assert.Equal(Config.Registries, found.Registries);
    }

    [Fact]
    public async Task LearnsOfAnothersChangeAfterTenSeconds()
    {
        DelegationStore ours = NewStore();
        await ours.FindRecentAsync(Token);
        await NewStore().SaveAsync(Config, Token);

        DelegationConfig before = await ours.FindRecentAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(10));
        DelegationConfig after = await ours.FindRecentAsync(Token);

        Assert.Equal((DelegatedImages.None, DelegatedImages.Specific), (before.EnabledFor, after.EnabledFor));
    }

    [Fact]
    public async Task KnowsItsOwnChangeAtOnce()
    {
        DelegationStore ours = NewStore();
        await ours.FindRecentAsync(Token);

        await ours.SaveAsync(Config, Token);

        Assert.Equal(DelegatedImages.Specific, (await ours.FindRecentAsync(Token)).EnabledFor);
    }

    [Fact]
    public async Task RefusesMoreThanARowTakes() =>
        await Assert.ThrowsAsync<StorageException>(() => NewStore().SaveAsync(new DelegationConfig { DefaultClusterId = new string('a', 65_536) }, Token));

    private DelegationStore NewStore() => new(_account, _time);
}
