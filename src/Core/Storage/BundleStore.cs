using Azure;
using Azure.Data.Tables;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage;

/// <summary>
/// Bundles of layers: the blob <c>layers/&lt;digest&gt;</c>, which counts once a row <c>bundle</c> in the layer's partition says what bytes it has. Of two
/// writers the row may speak of one's bytes while the blob has the other's: whoever reads compares, and finds none. Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class BundleStore(StorageAccount account)
{
    internal const string RowKey = "bundle";
    private const string Content = "Content";
    private const string Length = "Length";

    // A small one goes up at once; of a large one few blocks at a time, since it goes up beside scans.
    private static readonly StorageTransferOptions Blocks = new() { InitialTransferSize = 4 << 20, MaximumTransferSize = 4 << 20, MaximumConcurrency = 2 };

    /// <summary>What bundle there is of a layer; null if none.</summary>
    public async Task<StoredBundle?> FindAsync(Digest layer, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(KeyOf(layer), RowKey, cancellationToken: cancellationToken);
        return row.HasValue && Digest.TryParse(row.Value!.GetString(Content), out Digest? content)
            ? new StoredBundle(content, row.Value.GetInt64(Length) ?? 0, row.Value.ETag)
            : null;
    }

    /// <summary>Opens the bytes of a bundle, whatever they are, as they come; null if there are none.</summary>
    public async Task<Stream?> OpenAsync(Digest layer, CancellationToken cancellationToken)
    {
        BlobContainerClient container = await account.ContainerAsync(ContainerNames.Layers, cancellationToken);
        try
        {
            return (await container.GetBlobClient(KeyOf(layer)).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Keeps a bundle in the place of what there was.</summary>
    /// <param name="layer">The layer, by its verified digest.</param>
    /// <param name="bundle">All its bytes; seekable.</param>
    /// <param name="content">Their digest.</param>
    /// <param name="cancellationToken">Ends it; then nothing new is there, or a blob that no row speaks of.</param>
    public async Task SaveAsync(Digest layer, Stream bundle, Digest content, CancellationToken cancellationToken)
    {
        long length = bundle.Length;
        BlobContainerClient container = await account.ContainerAsync(ContainerNames.Layers, cancellationToken);
        await container.GetBlobClient(KeyOf(layer)).UploadAsync(bundle, new BlobUploadOptions { TransferOptions = Blocks }, cancellationToken);
        var row = new TableEntity(KeyOf(layer), RowKey) { [Content] = content.ToString(), [Length] = length };
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Forgets a bundle that is not what its row says, unless there is another one by now. The blob is left to whoever sweeps.</summary>
    public async Task ForgetAsync(Digest layer, StoredBundle broken, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Layers, cancellationToken);
        try
        {
            await table.DeleteEntityAsync(KeyOf(layer), RowKey, broken.ETag, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // There is another one, or none already.
        }
    }

    private static string KeyOf(Digest layer) => TableKey.Of(layer.ToString());
}

/// <summary>What is known of a stored bundle.</summary>
/// <param name="Content">The digest of its bytes.</param>
/// <param name="Length">How many there are.</param>
/// <param name="ETag">Changes with every change of its row.</param>
public sealed record StoredBundle(Digest Content, long Length, ETag ETag);
