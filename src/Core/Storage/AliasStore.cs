using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage;

/// <summary>Which manifest an index answers with, a row for each platform.</summary>
internal sealed class AliasStore(StorageAccount account)
{
    /// <summary>The manifest; null if that is not known.</summary>
    public async Task<Digest?> FindAsync(Digest index, Platform platform, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Aliases, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            ScanRow.KeyOf(index), TableKey.Of(platform.ToString()), cancellationToken: cancellationToken);
        return row.HasValue && Digest.TryParse(row.Value!.GetString("Manifest"), out Digest? manifest) ? manifest : null;
    }

    /// <summary>All manifests that an index answers with, of whatever platform; empty if none is known.</summary>
    public async Task<IReadOnlyList<Digest>> FindAllAsync(Digest index, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Aliases, cancellationToken);
        var manifests = new List<Digest>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ScanRow.KeyOf(index)}"), cancellationToken: cancellationToken))
        {
            if (Digest.TryParse(row.GetString("Manifest"), out Digest? manifest) && !manifests.Contains(manifest))
            {
                manifests.Add(manifest);
            }
        }

        return manifests;
    }

    public async Task SaveAsync(Digest index, Platform platform, Digest manifest, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Aliases, cancellationToken);
        var row = new TableEntity(ScanRow.KeyOf(index), TableKey.Of(platform.ToString())) { ["Manifest"] = manifest.ToString() };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Forgets that an index answers with that manifest; on which platforms it was asked for, its rows say.</summary>
    public async Task RemoveAsync(Digest? index, Digest manifest, CancellationToken cancellationToken)
    {
        if (index is null)
        {
            return;
        }

        TableClient table = await account.TableAsync(TableNames.Aliases, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {ScanRow.KeyOf(index)} and Manifest eq {manifest.ToString()}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            await table.TryDeleteAsync(row, cancellationToken);
        }
    }
}
