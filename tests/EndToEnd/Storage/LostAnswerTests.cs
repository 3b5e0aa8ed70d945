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

    private async Task<List<TableEntity>> RowsAsync(string name)
    {
        TableClient table = await _account.TableAsync(name, Token);
        return await table.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
    }

    private void LoseTheNextAnswerOf(string table) => (_table, _left) = (table, 1);

    private StorageMishap? Next(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && _left > 0 && IsOf(request.Path) && Interlocked.Decrement(ref _left) == 0
            ? new StorageMishap(StorageFault.AnswerLost, default)
            : null;

    private bool IsOf(PathString path) => _table.Length > 0 && path.Value!.Split('(')[0].EndsWith(_table, StringComparison.Ordinal);
}
