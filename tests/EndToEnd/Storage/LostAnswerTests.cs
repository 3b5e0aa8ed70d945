using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Reliability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

/// <summary>
/// A write is done, its answer is lost, the client repeats it and is refused for what it has written itself: 409 for a new row, 412 for one that is
/// replaced under its ETag.
/// </summary>
public sealed class LostAnswerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Scans.Morning);
    private TroubledStorage _storage = null!;
    private StorageAccount _account = null!;
    private string _table = "";
    private int _left;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = await TroubledStorage.StartAsync(azurite.ConnectionString, Next, new TroubleLog(), Token);
        _account = new StorageAccount(new StorageSettings { ConnectionString = _storage.ConnectionString, Prefix = $"T{Guid.NewGuid():n}" });
    }

    public async ValueTask DisposeAsync()
    {
        _account.Dispose();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task KeepsTheContentAndTheFirstOccurrencesOfAScan()
    {
        var store = new ScanStore(_account, _time, NullLogger<ScanStore>.Instance);
        await store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromDays(1));

        LoseTheNextAnswerOf(TableNames.Images);
        Scan scan = await store.SaveAsync(Scans.Of("a", "1", _time.GetUtcNow(), "CVE-2024-1"), Scans.Summary, Token);

        Assert.Equal(0, _left);
        Assert.Equal(Scans.Morning, scan.FirstInImage["CVE-2024-1"]);
        Assert.Equal(_time.GetUtcNow(), (await store.FindAsync(scan.Id, Token))!.ScannedAt);
        Assert.Single(await RowsAsync(TableNames.ImageContent));
    }

    [Theory]
    [InlineData(TableNames.Jobs)]
    [InlineData(TableNames.Claims)]
    public async Task BeginsAJobThatIsThere(string table)
    {
        var jobs = new JobStore(_account);

        await _account.TableAsync(table, Token);
        LoseTheNextAnswerOf(table);
        ScanJob job = await jobs.BeginAsync(NewJob("1"), _ => false, Token);
        ScanJob joined = await jobs.BeginAsync(NewJob("2"), _ => false, Token);

        Assert.Equal(0, _left);
        Assert.Equal(("1", "1"), (job.Id, joined.Id));
        Assert.Equal(ScanJobState.Queued, (await jobs.FindAsync("1", Token))!.State);
    }

    [Fact]
    public async Task TellsWhoChangedAJobThatItDid()
    {
        var jobs = new JobStore(_account);
        await jobs.CreateAsync(NewJob("1"), Token);
        int changes = 0;

        LoseTheNextAnswerOf(TableNames.Jobs);
        ScanJob? changed = await jobs.UpdateAsync("1", job => job with { Attempts = job.Attempts + ++changes }, Token);

        Assert.Equal((0, 1), (_left, changes));
        Assert.Equal(1, changed!.Attempts);
        Assert.Equal((await jobs.FindAsync("1", Token))!.Version, changed.Version);
    }

    [Fact]
    public async Task LetsWhoClaimedALayerReadIt()
    {
        var layers = new LayerStore(_account, _time, NullLogger<LayerStore>.Instance);
        await _account.TableAsync(TableNames.Layers, Token);

        LoseTheNextAnswerOf(TableNames.Layers);
        LayerRow? claim = await layers.TryClaimAsync(Scans.DigestOf("layer"), "dpkg:1", "reader", seen: null, Token);
        LayerRow? other = await layers.TryClaimAsync(Scans.DigestOf("layer"), "dpkg:1", "other", seen: null, Token);

        Assert.Equal("reader", claim?.Reader);
        Assert.Null(other);
    }

    private static ScanJob NewJob(string id) => new()
    {
        Id = id,
        Target = "target",
        ImageName = "made/image",
        Platform = "",
        Force = false,
        State = ScanJobState.Queued,
        CreatedAt = Scans.Morning,
    };

    private async Task<List<TableEntity>> RowsAsync(string name)
    {
        TableClient table = await _account.TableAsync(name, Token);
        return await table.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
    }

    private void LoseTheNextAnswerOf(string table) => (_table, _left) = (table, 1);

    private StorageMishap? Next(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && _left > 0 && IsOf(request) && Interlocked.Decrement(ref _left) == 0
            ? new StorageMishap(StorageFault.AnswerLost, default)
            : null;

    // A transaction names its table within.
    private bool IsOf(HttpRequest request)
    {
        if (_table.Length == 0 || !request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal))
        {
            return _table.Length > 0 && request.Path.Value!.Split('(')[0].EndsWith(_table, StringComparison.Ordinal);
        }

        using var body = new StreamReader(request.Body, leaveOpen: true);
        return body.ReadToEnd().Contains($"{_table}(", StringComparison.Ordinal);
    }
}
