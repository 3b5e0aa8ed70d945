using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Storage.Sweeps;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage;

/// <summary>
/// Contents of any size in a table: cut into binary properties of 64 KiB, 11 to a row, in rows <c>GENERATION-NNN</c> of the content's own
/// partition. A content exists only once somebody keeps its <see cref="ContentStamp"/> in a commit row; rows of any other generation
/// are left over from a writer that was beaten or stopped, and are swept.
/// </summary>
internal sealed class ChunkedRows(StorageAccount account, string tableName, TimeProvider time, ILogger log)
{
    private const int GenerationTicksDigits = 12;

    /// <summary>Writes the content as a new generation, which nobody sees before its stamp is in a commit row.</summary>
    /// <exception cref="StorageException">The content is larger than <see cref="StorageLimits.ContentBytes"/>, or storage fails.</exception>
    public async Task<ContentStamp> WriteAsync(string partition, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > StorageLimits.ContentBytes)
        {
            throw new StorageException($"Content {partition} takes {content.Length:N0} bytes compressed; at most {StorageLimits.ContentBytes:N0} are kept.");
        }

        TableClient table = await account.TableAsync(tableName, cancellationToken);
        string generation = NewGeneration();
        foreach (List<TableTransactionAction> transaction in TransactionsOf(RowsOf(partition, generation, content)))
        {
            await table.SubmitTransactionAsync(transaction, cancellationToken);
        }

        int chunks = (content.Length + StorageLimits.PropertyBytes - 1) / StorageLimits.PropertyBytes;
        return new ContentStamp(generation, chunks, content.Length, Convert.ToHexStringLower(SHA256.HashData(content.Span)));
    }

    /// <summary>The content of that stamp; null if it is torn: rows are missing, or the bytes are others.</summary>
    public async Task<byte[]?> ReadAsync(string partition, ContentStamp stamp, CancellationToken cancellationToken)
    {
        if (stamp.Length is < 0 or > StorageLimits.ContentBytes || stamp.Chunks < 0)
        {
            return null;
        }

        TableClient table = await account.TableAsync(tableName, cancellationToken);
        string filter = GenerationFilter(partition, stamp.Generation);
        var content = new byte[stamp.Length];
        int filled = 0;
        int chunks = 0;

        // Rows come in the order of their keys.
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            for (int i = 0; i < StorageLimits.ChunksPerRow && row.GetBinary(ChunkName(i)) is { } chunk; i++, chunks++)
            {
                if (chunk.Length > content.Length - filled)
                {
                    return null;
                }

                chunk.CopyTo(content, filled);
                filled += chunk.Length;
            }
        }

        bool whole = filled == content.Length && chunks == stamp.Chunks && Convert.ToHexStringLower(SHA256.HashData(content)) == stamp.Sha256;
        return whole ? content : null;
    }

    /// <summary>Removes the rows of one generation; none is no error.</summary>
    public async Task DeleteAsync(string partition, string generation, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            GenerationFilter(partition, generation),
            select: [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)],
            cancellationToken: cancellationToken);
        await foreach (TableEntity row in rows)
        {
            // One by one: another sweeper may be at the same rows, and one missing row fails a whole transaction.
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    /// <summary>Removes rows that no commit row points to any more; a failure is logged, since nobody reads them and a sweep finds them.</summary>
    public async Task DeleteObsoleteAsync(string partition, string generation, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteAsync(partition, generation, cancellationToken);
        }
        catch (StorageException failure)
        {
            log.LogWarning(failure, "Content left over {Key} of generation {Generation}", partition, generation);
        }
    }

    /// <summary>
    /// Goes on after that partition and removes every generation that is over an hour old and not the one that is valid. Reads the keys of the
    /// whole table, a request for each thousand rows: for a timer, once a day.
    /// </summary>
    /// <param name="after">The partition that was looked at last.</param>
    /// <param name="until">When to stop.</param>
    /// <param name="valid">The valid generations, each as <see cref="NameOf"/>, in order.</param>
    /// <param name="validOf">The valid generation of a partition as of now; null if none is. Asked before anything is removed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SweepPart> SweepAsync(
        string after, SweepTime until, OrderedKeys valid, Func<string, CancellationToken, Task<string?>> validOf, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(tableName, cancellationToken);
        string youngest = Prefix(time.GetUtcNow() - SweepAges.Unwritten);
        var last = (Partition: after, Generation: "");
        int removed = 0;
        AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey gt {after}"),
            select: [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)],
            cancellationToken: cancellationToken);
        await foreach (TableEntity row in rows)
        {
            if (row.PartitionKey != last.Partition && last.Partition != after && until.IsOver)
            {
                return new SweepPart(removed, last.Partition);
            }

            var current = (row.PartitionKey, GenerationOf(row.RowKey));
            if (current == last)
            {
                continue;
            }

            last = current;
            if (string.CompareOrdinal(row.RowKey, youngest) < 0 && !await valid.ContainsAsync(NameOf(last.Partition, last.Generation))
                && await validOf(last.Partition, cancellationToken) != last.Generation)
            {
                await DeleteAsync(last.Partition, last.Generation, cancellationToken);
                removed++;
            }
        }

        return new SweepPart(removed, null);
    }

    /// <summary>A generation's name among those of all partitions; they have the order of partitions.</summary>
    public static string NameOf(string partition, string generation) => $"{partition}\n{generation}";

    /// <summary>The rows of a content: at most 11 chunks of at most 64 KiB each.</summary>
    internal static IEnumerable<TableEntity> RowsOf(string partition, string generation, ReadOnlyMemory<byte> content)
    {
        for (int start = 0, number = 0; start < content.Length; start += StorageLimits.RowBytes, number++)
        {
            var row = new TableEntity(partition, string.Create(CultureInfo.InvariantCulture, $"{generation}-{number:d3}"));
            ReadOnlyMemory<byte> left = content.Slice(start, Math.Min(StorageLimits.RowBytes, content.Length - start));
            for (int i = 0; left.Length > 0; i++)
            {
                ReadOnlyMemory<byte> chunk = left[..Math.Min(StorageLimits.PropertyBytes, left.Length)];
                row[ChunkName(i)] = chunk.ToArray();
                left = left[chunk.Length..];
            }

            yield return row;
        }
    }

    /// <summary>The rows in as few transactions as the limits on rows and bytes allow.</summary>
    internal static IEnumerable<List<TableTransactionAction>> TransactionsOf(IEnumerable<TableEntity> rows)
    {
        var transaction = new List<TableTransactionAction>();
        int bytes = 0;
        foreach (TableEntity row in rows)
        {
            int rowBytes = row.Select(property => property.Value).OfType<byte[]>().Sum(chunk => chunk.Length);
            if (transaction.Count > 0 && (transaction.Count == StorageLimits.RowsPerTransaction || bytes + rowBytes > StorageLimits.TransactionBytes))
            {
                yield return transaction;
                transaction = [];
                bytes = 0;
            }

            // A retry after a lost answer finds its own rows there: they are replaced by the same.
            transaction.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
            bytes += rowBytes;
        }

        if (transaction.Count > 0)
        {
            yield return transaction;
        }
    }

    private string NewGeneration() => $"{Prefix(time.GetUtcNow())}{Guid.NewGuid():n}"[..(GenerationTicksDigits + 12)];

    private static string Prefix(DateTimeOffset moment) =>
        moment.ToUnixTimeMilliseconds().ToString($"x{GenerationTicksDigits}", CultureInfo.InvariantCulture);

    private static string GenerationOf(string rowKey) => rowKey[..Math.Max(0, rowKey.LastIndexOf('-'))];

    // '.' is the character after '-'.
    private static string GenerationFilter(string partition, string generation) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {generation + "-"} and RowKey lt {generation + "."}");

    private static string ChunkName(int index) => string.Create(CultureInfo.InvariantCulture, $"Chunk{index:d2}");
}
