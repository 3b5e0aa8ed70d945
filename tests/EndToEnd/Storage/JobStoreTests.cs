using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Notifications;

namespace ImageScan.EndToEnd.Storage;

public sealed class JobStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly JobStore _store;
    private readonly ListLogger _log = new();

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
        ScanJob made = JobOf("a/b#c") with { Layers = [LayerOf("one")], Phases = [new JobPhase("planning", 12)] };

        ScanJob created = await _store.CreateAsync(made, Token);
        ScanJob found = (await _store.FindAsync("a/b#c", Token))!;

        Assert.Equivalent(made with { Version = created.Version, ChangedAt = found.ChangedAt }, found, strict: true);
        Assert.NotEmpty(found.Version);
        Assert.Null(await _store.FindAsync("other", Token));
    }

    [Fact]
    public async Task GivesATargetToOneJobOfManyThatBeginAtOnce()
    {
        ScanJob[] begun = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _store.BeginAsync(JobOf($"j{i}"), _ => false, Token)));

        ScanJob one = Assert.Single(begun.DistinctBy(job => job.Id));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"j{i}" == one.Id, await _store.FindAsync($"j{i}", Token) is not null);
        }
    }

    [Fact]
    public async Task BeginsAnewWhenTheJobHasEnded()
    {
        await _store.BeginAsync(JobOf("a"), _ => false, Token);
        await _store.CloseAsync("a", job => job with { State = ScanJobState.Done }, _ => false, Token);

        Assert.Equal("b", (await _store.BeginAsync(JobOf("b"), _ => true, Token)).Id);
    }

    [Fact]
    public async Task JoinsAnEndedJobWhoseClaimIsKeptAndThatAnswers()
    {
        await _store.BeginAsync(JobOf("a"), _ => false, Token);
        await _store.CloseAsync("a", job => job with { State = ScanJobState.Done }, _ => true, Token);

        Assert.Equal("a", (await _store.BeginAsync(JobOf("b"), _ => true, Token)).Id);
        Assert.Equal("c", (await _store.BeginAsync(JobOf("c"), _ => false, Token)).Id);
        Assert.Equal("c", (await _store.BeginAsync(JobOf("d"), _ => false, Token)).Id);
    }

    [Fact]
    public async Task EndsAJobOnce()
    {
        await _store.CreateAsync(JobOf("a"), Token);
        await _store.CloseAsync("a", job => job with { State = ScanJobState.Failed, ErrorMessage = "first" }, _ => false, Token);

        ScanJob? closed = await _store.CloseAsync("a", job => job with { State = ScanJobState.Done }, _ => false, Token);

        Assert.Equal((ScanJobState.Failed, "first"), (closed!.State, closed.ErrorMessage));
    }

    [Fact]
    public async Task LosesNoUpdateOfTwoWriters()
    {
        await _store.CreateAsync(JobOf("a") with { ErrorMessage = "" }, Token);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _store.UpdateAsync("a", job => job with { ErrorMessage = job.ErrorMessage + "x" }, Token)));

        Assert.Equal(10, (await _store.FindAsync("a", Token))!.ErrorMessage!.Length);
    }

    [Fact]
    public async Task ChangesItsVersionWithEveryChange()
    {
        ScanJob made = await _store.CreateAsync(JobOf("a"), Token);
        ScanJob? changed = await _store.UpdateAsync("a", job => job with { Beats = 1 }, Token);
        ScanJob? same = await _store.UpdateAsync("a", job => job, Token);

        Assert.NotEqual(made.Version, changed!.Version);
        Assert.Equal(changed.Version, same!.Version);
    }

    [Fact]
    public async Task ChangesNothingThatIsNotThere() => Assert.Null(await _store.UpdateAsync("none", job => job, Token));

    [Fact]
    public async Task ShowsLayersAsTheirReadersLeftThem()
    {
        JobLayer[] layers = [LayerOf("one"), LayerOf("two")];
        await _store.CreateAsync(JobOf("a") with { Layers = [.. layers, LayerOf("known") with { State = JobLayerState.Known }], FanOuts = 1 }, Token);
        await _store.DealOutAsync("a", layers, Token);
        Assert.False(await _store.AllLayersDoneAsync("a", Token));

        await _store.UpdateLayerAsync("a", layers[0].Digest, layer => layer with { State = JobLayerState.Done, BytesRead = 7 }, Token);
        ScanJob half = (await _store.FindWholeAsync("a", Token))!;
        Assert.False(await _store.AllLayersDoneAsync("a", Token));
        await _store.UpdateLayerAsync("a", layers[1].Digest, layer => layer with { State = JobLayerState.Done }, Token);

        Assert.Equal([JobLayerState.Done, JobLayerState.Waiting, JobLayerState.Known], half.Layers.Select(layer => layer.State));
        Assert.Equal(7, half.Layers[0].BytesRead);
        Assert.True(await _store.AllLayersDoneAsync("a", Token));
        Assert.Equal(layers.Select(layer => layer.Digest).ToHashSet(), await _store.LayersDoneAsync("a", Token));
    }

    [Fact]
    public async Task DealsOutAsManyLayersAsAnImageMayHave()
    {
        JobLayer[] layers = [.. Enumerable.Range(0, 501).Select(i => LayerOf($"{i}"))];
        await _store.CreateAsync(JobOf("a") with { Layers = layers, FanOuts = 1 }, Token);

        await _store.DealOutAsync("a", layers, Token);

        Assert.Equal(501, (await _store.FindWholeAsync("a", Token))!.Layers.Count);
        Assert.False(await _store.AllLayersDoneAsync("a", Token));
    }

    [Fact]
    public async Task CutsAnErrorThatWouldNotFit()
    {
        await _store.CreateAsync(JobOf("a"), Token);

        ScanJob? failed = await _store.UpdateAsync("a", job => job with { State = ScanJobState.Failed, ErrorMessage = new string('é', 100_000) }, Token);

        Assert.Equal(8_001, failed!.ErrorMessage!.Length);
        Assert.Equal(failed.ErrorMessage, (await _store.FindAsync("a", Token))!.ErrorMessage);
    }

    [Fact]
    public async Task SweepsJobsMadeBeforeWithTheirLayers()
    {
        await _store.CreateAsync(JobOf("old") with { State = ScanJobState.Done }, Token);
        await _store.DealOutAsync("old", [LayerOf("one")], Token);
        await _store.CreateAsync(JobOf("new") with { CreatedAt = Scans.Morning.AddDays(1) }, Token);

        Assert.Equal(new SweepPart(1, null), await SweepAsync(Scans.Morning.AddDays(1)));
        Assert.Null(await _store.FindAsync("old", Token));
        Assert.Null(await _store.FindLayerAsync("old", LayerOf("one").Digest, Token));
        Assert.NotNull(await _store.FindAsync("new", Token));
    }

    // A cluster may be away for longer than jobs are kept, and its scans were accepted.
    [Fact]
    public async Task FailsAnOldJobThatIsOpenBeforeItIsRemoved()
    {
        await _store.BeginAsync(JobOf("waits") with { Cluster = "edge" }, _ => false, Token);

        await SweepAsync(Scans.Morning.AddDays(1), changedBefore: DateTimeOffset.UtcNow.AddHours(-1));
        ScanJob? atWork = await _store.FindAsync("waits", Token);
        int removed = (await SweepAsync(Scans.Morning.AddDays(1), changedBefore: DateTimeOffset.UtcNow.AddHours(1))).Removed;
        ScanJob? failed = await _store.FindAsync("waits", Token);
        int later = (await SweepAsync(Scans.Morning.AddDays(1), changedBefore: DateTimeOffset.UtcNow.AddHours(1))).Removed;

        Assert.Equal((ScanJobState.Queued, ScanJobState.Failed), (atWork?.State, failed?.State));
        Assert.Contains("Retention__JobDays", failed!.ErrorMessage, StringComparison.Ordinal);
        Assert.NotNull(failed.FinishedAt);
        Assert.Contains("Warning Scan given up waits nginx of cluster edge", _log.Text, StringComparison.Ordinal);
        Assert.Equal((0, 1), (removed, later));
        Assert.Null(await _store.FindAsync("waits", Token));
        Assert.Equal("next", (await _store.BeginAsync(JobOf("next"), _ => false, Token)).Id);
    }

    [Fact]
    public async Task ListsTheJobsThatHoldATargetAndLetsGoOfThoseWhoseJobIsGone()
    {
        await _store.BeginAsync(JobOf("a") with { Target = "1" }, _ => false, Token);
        await _store.BeginAsync(JobOf("b") with { Target = "2" }, _ => false, Token);
        await _store.BeginAsync(JobOf("c") with { Target = "3", State = ScanJobState.Done, CreatedAt = Scans.Morning.AddDays(-1) }, _ => false, Token);
        await _store.ReleaseAsync(JobOf("b") with { Target = "2" }, Token);
        await SweepAsync(Scans.Morning);

        Assert.Equal(["a"], await _store.ClaimedAsync(Token).Select(job => job.Id).ToListAsync(Token));
        Assert.Equal("d", (await _store.BeginAsync(JobOf("d") with { Target = "3" }, _ => false, Token)).Id);
    }

    [Fact]
    public async Task LosesOpenJobsThatNobodyClaimed()
    {
        // Its process was killed between the two rows.
        await _store.CreateAsync(JobOf("forgotten") with { Target = "1" }, Token);
        await _store.CreateAsync(JobOf("done") with { Target = "2", State = ScanJobState.Done }, Token);
        await _store.BeginAsync(JobOf("claimed") with { Target = "3" }, _ => false, Token);

        await SweepAsync(DateTimeOffset.MinValue, changedBefore: DateTimeOffset.UtcNow.AddHours(-1));
        ScanJob? young = await _store.FindAsync("forgotten", Token);
        await SweepAsync(DateTimeOffset.MinValue, changedBefore: DateTimeOffset.UtcNow.AddHours(1));

        Assert.NotNull(young);
        Assert.Null(await _store.FindAsync("forgotten", Token));
        Assert.NotNull(await _store.FindAsync("done", Token));
        Assert.NotNull(await _store.FindAsync("claimed", Token));
    }

    private Task<SweepPart> SweepAsync(DateTimeOffset madeBefore) => SweepAsync(madeBefore, DateTimeOffset.MinValue);

    private Task<SweepPart> SweepAsync(DateTimeOffset madeBefore, DateTimeOffset changedBefore) =>
        new OldJobs(_account, _store, TimeProvider.System, _log.For<OldJobs>()).SweepAsync("", madeBefore, changedBefore, new SweepTime(TimeProvider.System, TimeSpan.FromMinutes(1)), Token);

    // While a deployment rolls, and after: whoever asks must not be held up by what another version has left, nor the sweep of all other jobs.
    [Fact]
    public async Task GoesOnBesideAJobInAnotherForm()
    {
        await _store.BeginAsync(JobOf("a"), _ => true, Token);
        await _store.BeginAsync(JobOf("b") with { Target = "2" }, _ => true, Token);
        TableClient table = await _account.TableAsync(TableNames.Jobs, Token);
        var other = new TableEntity("a", "job") { ["Job"] = "another form"u8.ToArray(), ["IsOpen"] = true };
        await table.UpdateEntityAsync(other, ETag.All, TableUpdateMode.Replace, Token);

        Assert.Equal(["b"], await _store.ClaimedAsync(Token).Select(job => job.Id).ToListAsync(Token));
        await Assert.ThrowsAsync<StorageException>(() => _store.FindAsync("a", Token));
        Assert.Equal(0, (await SweepAsync(DateTimeOffset.MinValue, changedBefore: DateTimeOffset.UtcNow.AddHours(1))).Removed);
        Assert.Equal("c", (await _store.BeginAsync(JobOf("c"), _ => true, Token)).Id);
        Assert.Equal("c", (await _store.BeginAsync(JobOf("d"), _ => true, Token)).Id);
        Assert.Equal(new SweepPart(0, null), await SweepAsync(DateTimeOffset.MinValue, changedBefore: DateTimeOffset.UtcNow.AddHours(1)));
    }

    private static JobLayer LayerOf(string name) => new(Scans.DigestOf(name), MediaTypes.OciLayerTarGzip, 100);

    private static ScanJob JobOf(string id) => new()
    {
        Id = id,
        Target = "target",
        ImageName = "nginx",
        Platform = "linux/amd64",
        Force = true,
        State = ScanJobState.Queued,
        CreatedAt = Scans.Morning,
    };
}
