using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class JobStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly JobStore _store;

    public JobStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = new JobStore(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task FindsAJobAsItWasMade()
    {
        Assert.True(await _store.CreateAsync(JobOf("a/b#c"), Token));

        Assert.Equal(JobOf("a/b#c"), await _store.FindAsync("a/b#c", Token));
        Assert.Null(await _store.FindAsync("other", Token));
    }

    [Fact]
    public async Task LeavesAJobThatIsThere()
    {
        await _store.CreateAsync(JobOf("a") with { State = ScanJobState.Done }, Token);

        Assert.False(await _store.CreateAsync(JobOf("a"), Token));
        Assert.Equal(ScanJobState.Done, (await _store.FindAsync("a", Token))!.State);
    }

    [Fact]
    public async Task LosesNoUpdateOfTwoWriters()
    {
        await _store.CreateAsync(JobOf("a") with { ErrorMessage = "" }, Token);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _store.UpdateAsync("a", job => job with { ErrorMessage = job.ErrorMessage + "x" }, Token)));

        Assert.Equal(10, (await _store.FindAsync("a", Token))!.ErrorMessage!.Length);
    }

    [Fact]
    public async Task ChangesNothingThatIsNotThere() => Assert.Null(await _store.UpdateAsync("none", job => job, Token));

    [Fact]
    public async Task CutsAnErrorThatWouldNotFit()
    {
        await _store.CreateAsync(JobOf("a"), Token);

        ScanJob? failed = await _store.UpdateAsync("a", job => job with { State = ScanJobState.Failed, ErrorMessage = new string('é', 100_000) }, Token);

        Assert.Equal(8_001, failed!.ErrorMessage!.Length);
        Assert.Equal(failed, await _store.FindAsync("a", Token));
    }

    [Fact]
    public async Task SweepsJobsMadeBefore()
    {
        await _store.CreateAsync(JobOf("old"), Token);
        await _store.CreateAsync(JobOf("new") with { CreatedAt = Scans.Morning.AddDays(1) }, Token);

        Assert.Equal(1, await _store.SweepAsync(Scans.Morning.AddDays(1), Token));
        Assert.Null(await _store.FindAsync("old", Token));
        Assert.NotNull(await _store.FindAsync("new", Token));
    }

    private static ScanJob JobOf(string id) => new()
    {
        Id = id,
        ImageName = "nginx",
        Platform = "linux/amd64",
        Force = true,
        State = ScanJobState.Queued,
        CreatedAt = Scans.Morning,
    };
}
