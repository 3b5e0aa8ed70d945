using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class OldRowsTests(SharedAzurite azurite) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);

    private readonly StorageAccount _account = azurite.OwnTables();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SweepTime Endless => new(TimeProvider.System, TimeSpan.FromMinutes(5));

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task OfTheAuditTrailGoByTheDay()
    {
        var store = new AuditStore(_account);
        DateTimeOffset[] times = [Now, Now.AddDays(-1), Now.AddDays(-30), Now.AddDays(-30).AddHours(-9), Now.AddDays(-31), Now.AddYears(-1), Now.AddYears(-2)];
        foreach (DateTimeOffset time in times)
        {
            await store.SaveAsync(Entry(time), Token);
        }

        SweepPart swept = await new OldRows(_account).AuditAsync(Now.AddDays(-30), Endless, Token);

        Assert.Equal((3, (string?)null), (swept.Removed, swept.StoppedAt));
        Assert.Equal(times[..4], (await store.PageAsync("", 100, Token)).Entries.Select(entry => entry.BegunAt));
    }

    [Fact]
    public async Task OfTokensGoLongAfterTheirTime()
    {
        var store = new ApiTokenStore(_account);
        ApiToken fresh = Made(ApiTokenKind.Generated, Now.AddDays(1));
        ApiToken expired = Made(ApiTokenKind.Generated, Now.AddDays(-1));
        await store.AddAsync(fresh, [1], Token);
        await store.AddAsync(expired, [1], Token);
        await store.AddAsync(Made(ApiTokenKind.Generated, Now.AddDays(-40)), [1], Token);
        await store.AddAsync(Made(ApiTokenKind.Exchanged, Now.AddDays(-40)), [1], Token);

        SweepPart swept = await new OldRows(_account).TokensAsync(Now.AddDays(-30), Endless, Token);

        Assert.Equal(2, swept.Removed);
        Assert.Equal(new[] { fresh.Id, expired.Id }.Order(), (await store.ListAsync(Token)).Select(token => token.Id).Order());
    }

    [Fact]
    public async Task GoAHundredAtATimeUntilTheTimeIsOver()
    {
        TableClient table = await _account.TableAsync(TableNames.Audit, Token);
        var store = new AuditStore(_account);
        foreach (int i in Enumerable.Range(0, 230))
        {
            await store.SaveAsync(Entry(Now.AddDays(-40).AddSeconds(i)), Token);
        }

        SweepPart first = await new OldRows(_account).AuditAsync(Now, new SweepTime(TimeProvider.System, TimeSpan.Zero), Token);
        SweepPart rest = await new OldRows(_account).AuditAsync(Now, Endless, Token);

        Assert.Equal((100, 130), (first.Removed, rest.Removed));
        Assert.Empty(await table.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token));
    }

    private static ApiToken Made(ApiTokenKind kind, DateTimeOffset expires) => new(Guid.NewGuid(), kind, "a", ["Admin"], Now.AddYears(-1), expires);

    private static AuditEntry Entry(DateTimeOffset time) => new()
    {
        Id = Guid.NewGuid(),
        BegunAt = time,
        CallerId = "token:a",
        Caller = "a",
        Address = "127.0.0.1",
        Operation = "X",
        Method = "POST",
        Path = "/x",
    };
}
