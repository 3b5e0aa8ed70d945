using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ImageScan.Core.Storage;
using ImageScan.Local.Azurite;

namespace ImageScan.Benchmarks.Service;

/// <summary>Azurite, which can be made to forget every image, layer and job while servers go on using it.</summary>
internal sealed class EmptiedStorage : IAsyncDisposable
{
    private static readonly string[] Kept = [TableNames.FirstOccurrences];

    private readonly AzuriteProcess _azurite;
    private readonly TableServiceClient _tables;
    private readonly BlobServiceClient _blobs;

    private EmptiedStorage(AzuriteProcess azurite)
    {
        _azurite = azurite;
        _tables = new TableServiceClient(azurite.ConnectionString);
        _blobs = new BlobServiceClient(azurite.ConnectionString, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05));
    }

    public string ConnectionString => _azurite.ConnectionString;

    public double Cpu => ProcessFigures.CpuOf(_azurite.ProcessId);

    /// <summary>Starts it with its data in memory, so that it does not stop now and then to write all of it.</summary>
    public static async Task<EmptiedStorage> StartAsync() =>
        new(await AzuriteProcess.StartAsync(new AzuriteOptions { InMemory = true }, CancellationToken.None));

    /// <summary>Removes all rows and blobs but the CVEs seen in a system and the advisories: what comes next is an image nobody has seen.</summary>
    public async Task EmptyAsync()
    {
        await foreach (var item in _tables.QueryAsync())
        {
            if (!Kept.Contains(item.Name))
            {
                await EmptyAsync(_tables.GetTableClient(item.Name));
            }
        }

        await foreach (var container in _blobs.GetBlobContainersAsync())
        {
            if (container.Name != ContainerNames.Advisories)
            {
                BlobContainerClient client = _blobs.GetBlobContainerClient(container.Name);
                await foreach (var blob in client.GetBlobsAsync())
                {
                    await client.DeleteBlobIfExistsAsync(blob.Name);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    private static async Task EmptyAsync(TableClient table)
    {
        var rows = new List<TableEntity>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"]))
        {
            rows.Add(row);
        }

        foreach (TableEntity row in rows)
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        }
    }
}
