using System.Collections.Concurrent;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// How many images are stored, and which risks they have, without reading them: a row a partition with the counts, and a small row for each change
/// since, which the change wrote in its own transaction. Whoever finds many of these adds them to the counts and removes them, in one transaction.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class RiskLedger(StorageAccount account)
{
    private const string RowKey = "~l";

    // The character after that of deltas.
    private const string AfterDeltas = "~n";
    private const string Stamp = "Stamp";
    private const string Images = "Images";

    // Reading as many costs no request more; folding them costs one.
    private const int ManyDeltas = 64;
    private const int DeltasPerFold = StorageLimits.RowsPerTransaction - 1;

    private static readonly string[] Columns = ["PartitionKey", "RowKey", Stamp, Images, nameof(RiskDelta.Added), nameof(RiskDelta.Removed)];

    private readonly ConcurrentDictionary<string, (string Stamp, RiskCounts Counts)> _known = new(StringComparer.Ordinal);

    /// <summary>How many images are stored: a request a partition.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        int[] images = await Task.WhenAll(ScanRow.Partitions.Select(async partition =>
        {
            Page page = await ReadAsync(partition, cancellationToken);
            if (page.Deltas.Count >= ManyDeltas)
            {
                await TryFoldAsync(partition, page, await CountsOfAsync(partition, page.Ledger, cancellationToken), cancellationToken);
            }

            return (page.Ledger?.GetInt32(Images) ?? 0) + page.Deltas.Select(row => RiskDelta.From(row))
                .Sum(delta => (delta.Added is null ? 0 : 1) - (delta.Removed is null ? 0 : 1));
        }));
        return Math.Max(images.Sum(), 0);
    }

    /// <summary>
    /// The places of all stored images by their risk: a request a partition, and another one for those whose counts were written since the last time.
    /// </summary>
    public async Task<RiskRanks> RanksAsync(CancellationToken cancellationToken)
    {
        RiskCounts[] counts = await Task.WhenAll(ScanRow.Partitions.Select(partition => RisksAsync(partition, cancellationToken)));
        return RiskRanks.Of(counts.SelectMany(partition => partition.Risks));
    }

    /// <summary>Adds all changes of a partition to its counts; what others change meanwhile is left to the next.</summary>
    internal async Task FoldAsync(string partition, CancellationToken cancellationToken)
    {
        while (await ReadAsync(partition, cancellationToken) is { Deltas.Count: > 0 } page
            && await TryFoldAsync(partition, page, await CountsOfAsync(partition, page.Ledger, cancellationToken), cancellationToken))
        {
        }
    }

    /// <summary>The row of the ledger with those counts.</summary>
    internal static TableEntity EntityOf(string partition, RiskCounts counts)
    {
        var row = new TableEntity(partition, RowKey) { [Stamp] = Guid.NewGuid().ToString("n"), [Images] = counts.Images };
        foreach ((int number, byte[] chunk) in counts.ToBytes().Chunk(StorageLimits.PropertyBytes).Index())
        {
            row[ChunkName(number)] = chunk;
        }

        return row;
    }

    /// <summary>Whether a row is the ledger's: no image's.</summary>
    internal static bool IsOwn(string rowKey) => rowKey == RowKey || rowKey.StartsWith(RiskDelta.Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Puts the counts of a partition right, if they are not what its images say; false if somebody has changed images meanwhile, so that nobody can
    /// tell.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="readAsync">Reads the risks of all images of the partition that have rows of lists.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<bool> RecountAsync(
        string partition, Func<Task<IReadOnlyList<float>>> readAsync, CancellationToken cancellationToken)
    {
        Page before = await ReadAsync(partition, cancellationToken);
        var counted = RiskCounts.Of(await readAsync());
        Page after = await ReadAsync(partition, cancellationToken);
        if (before.Ledger?.ETag != after.Ledger?.ETag || !before.Deltas.Select(row => row.RowKey).SequenceEqual(after.Deltas.Select(row => row.RowKey))
            || await CountsOfAsync(partition, after.Ledger, cancellationToken) is not { } kept)
        {
            return false;
        }

        RiskCounts expected = kept.With(after.Deltas.Select(RiskDelta.From));
        if (expected.IsSameAs(counted))
        {
            return true;
        }

        // The changes that are left over go on to be added later, so what they say is taken off.
        RiskCounts right = counted.With(after.Deltas.Select(RiskDelta.From).Select(delta => new RiskDelta(delta.Removed, delta.Added)));
        return await TryReplaceAsync(partition, after.Ledger, right, [], cancellationToken);
    }

    private async Task<RiskCounts> RisksAsync(string partition, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            Page page = await ReadAsync(partition, cancellationToken);
            if (await CountsOfAsync(partition, page.Ledger, cancellationToken) is { } counts)
            {
                if (page.Deltas.Count >= ManyDeltas)
                {
                    // Whoever was quicker has done the same.
                    await TryFoldAsync(partition, page, counts, cancellationToken);
                }

                return counts.With(page.Deltas.Select(RiskDelta.From));
            }
        }

        throw StorageException.Contended($"The ledger of partition {partition}");
    }

    // More than a thousand rows come in several pages. The first has the ledger and the deltas that a fold takes next, so the others stay true
    // to it unless ten folds fall in between.
    private async Task<Page> ReadAsync(string partition, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {RowKey} and RowKey lt {AfterDeltas}");
        TableEntity? ledger = null;
        var deltas = new List<TableEntity>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
        {
            if (row.RowKey == RowKey)
            {
                ledger = row;
            }
            else
            {
                deltas.Add(row);
            }
        }

        return new Page(ledger, deltas);
    }

    // Null if another ledger has come in place of that one.
    private async Task<RiskCounts?> CountsOfAsync(string partition, TableEntity? ledger, CancellationToken cancellationToken)
    {
        if (ledger is null)
        {
            return new RiskCounts();
        }

        string? stamp = ledger.GetString(Stamp);
        if (_known.TryGetValue(partition, out (string Stamp, RiskCounts Counts) known) && known.Stamp == stamp)
        {
            return known.Counts;
        }

        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(partition, RowKey, cancellationToken: cancellationToken);
        if (!row.HasValue || row.Value!.GetString(Stamp) != stamp || stamp is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        for (int i = 0; row.Value.GetBinary(ChunkName(i)) is { } chunk; i++)
        {
            bytes.Write(chunk);
        }

        var counts = RiskCounts.From(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        _known[partition] = (stamp, counts);
        return counts;
    }

    private Task<bool> TryFoldAsync(string partition, Page page, RiskCounts? counts, CancellationToken cancellationToken)
    {
        List<TableEntity> folded = page.Deltas[..Math.Min(page.Deltas.Count, DeltasPerFold)];
        return counts is null
            ? Task.FromResult(false)
            : TryReplaceAsync(partition, page.Ledger, counts.With(folded.Select(RiskDelta.From)), folded, cancellationToken);
    }

    private async Task<bool> TryReplaceAsync(
        string partition, TableEntity? ledger, RiskCounts counts, IEnumerable<TableEntity> folded, CancellationToken cancellationToken)
    {
        TableEntity row = EntityOf(partition, counts);
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        return await table.TrySubmitAsync(
            [
                ledger is null
                    ? new TableTransactionAction(TableTransactionActionType.Add, row)
                    : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, ledger.ETag),
                .. folded.Select(delta => new TableTransactionAction(TableTransactionActionType.Delete, delta, ETag.All)),
            ],
            cancellationToken);
    }

    private static string ChunkName(int index) => string.Create(CultureInfo.InvariantCulture, $"Chunk{index:d2}");

    private sealed record Page(TableEntity? Ledger, List<TableEntity> Deltas);
}
