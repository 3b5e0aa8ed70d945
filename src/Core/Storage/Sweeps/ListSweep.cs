using System.IO.Hashing;
using System.Runtime.InteropServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage.Lists;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Holds what lists and searches read against the commit rows: gives rows to images that lack them, takes away those whose image is gone, and puts the
/// ledger and the terms right. Where nobody has touched rows by hand there is something to do for images alone that another version has stored, and
/// for terms whose writer ended half-way. Goes on after a partition of images and throws <see cref="StorageException"/>.
/// </summary>
public sealed class ListSweep(
    StorageAccount account, ScanStore scans, RiskLedger ledger, TermStore terms, TimeProvider time, ILogger<ListSweep> logger)
{
    private static readonly string[] Algorithms = ["sha256", "sha384", "sha512"];

    private static readonly string[] Keys = ["PartitionKey", "RowKey", "Timestamp"];

    private readonly ScanRows _rows = new(account);

    private DateTimeOffset Youngest => time.GetUtcNow() - SweepAges.Unwritten;

    /// <summary>All that belongs to lists.</summary>
    /// <param name="summaryOf">The figures of a scan, for images that were stored without all of them.</param>
    /// <param name="after">The partition that was swept last; "" for the first.</param>
    /// <param name="until">When to stop.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SweepPart> SweepAsync(Func<Scan, ScanSummary> summaryOf, string after, SweepTime until, CancellationToken cancellationToken)
    {
        int mended = 0;
        string swept = after;
        foreach (string partition in ScanRow.Partitions.Where(partition => string.CompareOrdinal(partition, after) > 0))
        {
            (int rows, bool isWhole) = await MendRowsAsync(partition, summaryOf, until, cancellationToken);
            mended += rows;
            if (!isWhole)
            {
                return new SweepPart(mended, swept);
            }

            await ledger.FoldAsync(partition, cancellationToken);
            await ledger.RecountAsync(partition, () => RisksAsync(partition, cancellationToken), cancellationToken);
            mended += await MendTermsAsync(partition, cancellationToken);
            swept = partition;
            if (until.IsOver && partition != ScanRow.Partitions[^1])
            {
                return new SweepPart(mended, swept);
            }
        }

        return new SweepPart(mended, null);
    }

    private async Task<(int Mended, bool IsWhole)> MendRowsAsync(
        string partition, Func<Scan, ScanSummary> summaryOf, SweepTime until, CancellationToken cancellationToken)
    {
        // By their hashes, since there are twenty keys an image.
        var wanted = new Dictionary<ulong, Digest>();
        var unlisted = new HashSet<Digest>();
        await foreach (ScanRow row in _rows.ReadAsync(partition, cancellationToken))
        {
            if (!row.IsListed)
            {
                unlisted.Add(row.Id);
            }

            foreach (string key in row.IsListed ? ListRows.KeysOf(row) : [])
            {
                wanted[HashOf(key)] = row.Id;
            }
        }

        int mended = 0;
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {ImageOrder.Mark}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: Keys, cancellationToken: cancellationToken))
        {
            if (!RiskLedger.IsOwn(row.RowKey) && !wanted.Remove(HashOf(row.RowKey)) && row.Timestamp < Youngest)
            {
                mended += await TryRemoveAsync(table, row, cancellationToken) ? 1 : 0;
            }
        }

        // Of the others a row is missing; or they have changed meanwhile, and are written once more. Those that are done are not found the next time.
        foreach (Digest image in wanted.Values.Concat(unlisted).Distinct())
        {
            mended += await scans.RelistAsync(image, summaryOf, cancellationToken) ? 1 : 0;
            if (until.IsOver)
            {
                return (mended, false);
            }
        }

        return (mended, true);
    }

    // What seems to be too much may be new: looked for once more, and removed as it was read before that.
    private async Task<bool> TryRemoveAsync(TableClient table, TableEntity seen, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(seen.PartitionKey, seen.RowKey, ["PartitionKey", "RowKey"], cancellationToken);
        if (!row.HasValue)
        {
            return false;
        }

        bool isWanted = Digest.TryParse(ListColumns.DigestOf(seen.RowKey), out Digest? id)
            && await _rows.FindAsync(id, cancellationToken) is { IsListed: true } image && ListRows.KeysOf(image).Contains(seen.RowKey);
        return !isWanted && await table.TryDeleteAsync(row.Value!, cancellationToken);
    }

    private async Task<IReadOnlyList<float>> RisksAsync(string partition, CancellationToken cancellationToken) =>
        await _rows.ReadAsync(partition, cancellationToken)
            .Where(row => row.IsListed).Select(row => row.Listed.Summary.RiskScore).ToListAsync(cancellationToken);

    private async Task<int> MendTermsAsync(string partition, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (ScanRow row in _rows.ReadAsync(partition, cancellationToken))
        {
            wanted[ScanRow.KeyOf(row.Id)] = row.Terms;
        }

        var wrong = new List<(string Image, string Partition)>();
        for (int i = 0; i < ScanTerms.Partitions.Count; i++)
        {
            var kept = new Dictionary<string, (string Hash, DateTimeOffset? At)>(StringComparer.Ordinal);
            foreach (string algorithm in Algorithms)
            {
                var images = terms.ImagesAsync(ScanTerms.Partitions[i], $"{algorithm}:{partition}", cancellationToken);
                await foreach ((string image, string hash, DateTimeOffset? at) in images)
                {
                    kept[image] = (hash, at);
                }
            }

            string KeptOf(string image) => kept.TryGetValue(image, out var there) ? there.Hash : ScanTerms.None.HashOf(i);
            wrong.AddRange(kept
                .Where(image => !wanted.ContainsKey(image.Key) && image.Value.At < Youngest)
                .Select(image => (image.Key, ScanTerms.Partitions[i])));
            wrong.AddRange(wanted
                .Where(image => image.Value.Length > 0 && KeptOf(image.Key) != ScanTerms.HashOf(image.Value, i))
                .Select(image => (image.Key, ScanTerms.Partitions[i])));
        }

        foreach (IGrouping<string, string> image in wrong.GroupBy(found => found.Image, found => found.Partition))
        {
            if (Digest.TryParse(image.Key, out Digest? id))
            {
                await TryMendAsync(id, [.. image], cancellationToken);
            }
        }

        return wrong.Count;
    }

    // One image whose terms cannot be put right must not keep the sweep from all others; it comes again tomorrow.
    private async Task TryMendAsync(Digest image, IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        try
        {
            await terms.MendAsync(image, partitions, cancellationToken);
        }
        catch (Exception failure) when (failure is StorageException or RequestFailedException)
        {
            logger.LogWarning(failure, "Terms not mended {Digest}: searches by CVE and component may miss it", image);
        }
    }

    private static ulong HashOf(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
}
