using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Removes what is left of images that are not stored: contents of writers that were beaten or stopped, answers of indexes, changes, signatures. Every
/// part goes on after a key and throws <see cref="StorageException"/>.
/// </summary>
public sealed class ImageSweep(StorageAccount account, TimeProvider time, ILogger<ImageSweep> logger)
{
    private static readonly string[] Keys = ["PartitionKey", "RowKey", "Timestamp"];

    private readonly ChunkedRows _content = new(account, TableNames.ImageContent, time, logger);
    private readonly ScanRows _rows = new(account);

    /// <summary>Which images are stored now, for those parts that ask.</summary>
    public Task<ImageKeys> StoredAsync(CancellationToken cancellationToken) => ImageKeys.ReadAsync(account, cancellationToken);

    /// <summary>Contents that no scan points to.</summary>
    public async Task<SweepPart> ContentsAsync(string after, SweepTime until, CancellationToken cancellationToken)
    {
        await using var committed = new OrderedKeys(CommittedAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken));
        return await _content.SweepAsync(after, until, committed, GenerationOfAsync, cancellationToken);
    }

    /// <summary>Indexes that answer with an image that is not stored.</summary>
    public Task<SweepPart> AliasesAsync(ImageKeys images, string after, SweepTime until, CancellationToken cancellationToken) => LeftoversAsync(
        TableNames.Aliases, [.. Keys, "Manifest"], row => row.GetString("Manifest") ?? "", images, after, until, cancellationToken);

    /// <summary>Changes of images that are not stored.</summary>
    public Task<SweepPart> ChangesAsync(ImageKeys images, string after, SweepTime until, CancellationToken cancellationToken) => LeftoversAsync(
        TableNames.Changes, Keys, row => row.PartitionKey, images, after, until, cancellationToken);

    /// <summary>Signatures of images that are not stored.</summary>
    public Task<SweepPart> SignaturesAsync(ImageKeys images, string after, SweepTime until, CancellationToken cancellationToken) => LeftoversAsync(
        TableNames.Signatures, Keys, row => row.PartitionKey, images, after, until, cancellationToken);

    private async Task<SweepPart> LeftoversAsync(
        string tableName,
        string[] columns,
        Func<TableEntity, string> imageOf,
        ImageKeys images,
        string after,
        SweepTime until,
        CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);
        DateTimeOffset youngest = time.GetUtcNow() - SweepAges.Unfinished;
        int removed = 0;
        string last = after;
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey gt {after}"), select: columns, cancellationToken: cancellationToken);
        await foreach (TableEntity row in rows)
        {
            if (row.PartitionKey != last)
            {
                if (last != after && until.IsOver)
                {
                    return new SweepPart(removed, last);
                }

                last = row.PartitionKey;
            }

            if (row.Timestamp < youngest && await images.IsGoneAsync(imageOf(row), cancellationToken))
            {
                removed += await table.TryDeleteAsync(row, cancellationToken) ? 1 : 0;
            }
        }

        return new SweepPart(removed, null);
    }

    private async IAsyncEnumerable<string> CommittedAsync(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in _rows.ReadAsync(after, null, ["RowKey", nameof(ContentStamp.Generation)], cancellationToken))
        {
            yield return ChunkedRows.NameOf(row.RowKey, row.GetString(nameof(ContentStamp.Generation)) ?? "");
        }
    }

    private async Task<string?> GenerationOfAsync(string contentKey, CancellationToken cancellationToken) =>
        Digest.TryParse(contentKey, out Digest? id) && await _rows.FindAsync(id, cancellationToken) is { } row ? row.Content.Generation : null;
}
