using Azure.Data.Tables;
using CsCheck;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Tests.Storage;

public sealed class ChunkedRowsTests
{
    private const int Chunk = 64 * 1024;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(11 * Chunk, 1)]
    [InlineData(11 * Chunk + 1, 2)]
    [InlineData(10_000_000, 14)]
    public void PutsElevenChunksIntoARow(int length, int rows)
    {
        var content = new byte[length];

        Assert.Equal(rows, ChunkedRows.RowsOf("p", "g", content).Count());
    }

    [Fact]
    public void KeepsWithinTheLimitsOfTables()
    {
        Gen.Int[0, 40 * Chunk * 11].Sample(
            length =>
            {
                foreach (List<TableTransactionAction> transaction in ChunkedRows.TransactionsOf(ChunkedRows.RowsOf("p", "g", new byte[length])))
                {
                    Assert.InRange(transaction.Count, 1, 100);
                    Assert.InRange(transaction.Sum(action => ChunksOf((TableEntity)action.Entity).Sum(chunk => chunk.Length)), 1, 3_000_000);
                    Assert.All(transaction, action => Assert.InRange(ChunksOf((TableEntity)action.Entity).Count, 1, 11));
                    Assert.All(transaction, action => Assert.All(ChunksOf((TableEntity)action.Entity), chunk => Assert.InRange(chunk.Length, 1, Chunk)));
                }
            },
            iter: 20);
    }

    [Fact]
    public void PutsAtMostAHundredRowsIntoATransaction()
    {
        IEnumerable<TableEntity> rows = Enumerable.Range(0, 250).Select(number => new TableEntity("p", $"{number}") { ["Chunk00"] = new byte[10] });

        Assert.Equal([100, 100, 50], ChunkedRows.TransactionsOf(rows).Select(transaction => transaction.Count));
    }

    [Fact]
    public void LosesNoByteInRowsOrderedByKey()
    {
        var content = new byte[25 * Chunk + 7];
        new Random(1).NextBytes(content);

        List<TableEntity> rows = [.. ChunkedRows.RowsOf("p", "g", content)];

        Assert.Equal(content, rows.OrderBy(row => row.RowKey, StringComparer.Ordinal).SelectMany(ChunksOf).SelectMany(chunk => chunk));
    }

    [Fact]
    public async Task RefusesAContentOverTheLimit()
    {
        using var account = new StorageAccount(new StorageSettings { ConnectionString = "UseDevelopmentStorage=true" });
        var rows = new ChunkedRows(account, TableNames.LayerContent, TimeProvider.System, NullLogger.Instance);

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(
            () => rows.WriteAsync("key", new byte[64 * 1024 * 1024 + 1], TestContext.Current.CancellationToken));

        Assert.Contains("67,108,865", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavesObsoleteRowsToTheSweepIfTheyCannotBeDeleted()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication service = builder.Build();
        service.Run(context =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? 204 : 403;
            return Task.CompletedTask;
        });
        await service.StartAsync(token);
        string connection = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0c2VjcmV0;TableEndpoint={service.Urls.First()}/a;QueueEndpoint={service.Urls.First()}/a";
        using var account = new StorageAccount(new StorageSettings { ConnectionString = connection });
        var rows = new ChunkedRows(account, TableNames.LayerContent, TimeProvider.System, NullLogger.Instance);

        await Assert.ThrowsAsync<StorageException>(() => rows.DeleteAsync("key", "generation", token));
        await rows.DeleteObsoleteAsync("key", "generation", token);
    }

    private static List<byte[]> ChunksOf(TableEntity row) =>
        [.. row.Where(property => property.Key.StartsWith("Chunk", StringComparison.Ordinal)).OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => (byte[])property.Value)];
}
