using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// Which images have a CVE or a component: a row for each term of each image, and beside them, in each partition, a row an image that names all of
/// its terms there. Terms change in one transaction with that row, under its ETag, between two looks at the commit row: so whoever writes last
/// writes what is stored, and between a save and its terms lie some milliseconds. What a process leaves undone is found by the hashes in the commit
/// row, by the sweep.
/// </summary>
public sealed class TermStore(StorageAccount account)
{
    // They come after those of CVEs and before those of components.
    private const string ImagePrefix = "i|";

    // After all characters of keys.
    private const string Last = "ÿ";
    private const string Hash = "Hash";
    private const string Terms = "Terms";
    private const string Term = "Term";
    private const string Lines = "Lines";
    private const int TransactionCharacters = 500_000;
    private const int FirstRows = 100;

    private readonly ChunkedRows _content = new(account, TableNames.ImageContent, TimeProvider.System, NullLogger.Instance);
    private readonly ScanRows _rows = new(account);

    /// <summary>
    /// Has the terms follow a change of an image's commit row: a request for each partition that changes, and one more for each, and one, where the
    /// image was known. Throws <see cref="StorageException"/>; what is left undone the sweep will see.
    /// </summary>
    internal Task FollowAsync(Digest image, string storedHashes, ScanTerms terms, CancellationToken cancellationToken) =>
        SetAsync(image, [.. terms.ChangedSince(storedHashes)], terms, isNew: storedHashes.Length == 0, cancellationToken);

    /// <summary>Puts the terms of an image right in those partitions. Throws <see cref="StorageException"/>.</summary>
    internal Task MendAsync(Digest image, IReadOnlyList<string> partitions, CancellationToken cancellationToken) =>
        SetAsync(image, partitions, null, isNew: false, cancellationToken);

    /// <summary>The images whose keys begin so and that have terms in a partition, each with the hash of these and when they last changed.</summary>
    internal async IAsyncEnumerable<(string Image, string Hash, DateTimeOffset? At)> ImagesAsync(
        string partition, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ImageTerms, cancellationToken);
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {ImagePrefix + prefix} and RowKey lt {ImagePrefix + prefix + Last}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["RowKey", "Timestamp", Hash], cancellationToken: cancellationToken))
        {
            yield return (row.RowKey[ImagePrefix.Length..], row.GetString(Hash) ?? "", row.Timestamp);
        }
    }

    /// <summary>
    /// Where a term is, in all images, of those that begin so or are so. Reads a thousand rows a request, from sixteen places side by side.
    /// </summary>
    /// <param name="kind">What the term is.</param>
    /// <param name="text">The term, or its beginning, whatever the case.</param>
    /// <param name="isWhole">Whether it is the whole term.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FoundTerm> FindAsync(
        TermKind kind, string text, bool isWhole, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ImageTerms, cancellationToken);
        OrderedRows[] ranges =
        [
            .. RangesOf(kind, text, isWhole).Select(filter => new OrderedRows(table, filter, ["RowKey", Term, Lines], FirstRows, cancellationToken)),
        ];
        await Task.WhenAll(ranges.Select(range => range.FillAsync()));
        foreach (OrderedRows range in ranges)
        {
            for (; range.Current is { } row; range.Take(), await range.FillAsync())
            {
                string term = row.GetString(Term) ?? "";
                yield return new FoundTerm(ListColumns.DigestOf(row.RowKey), [.. ScanTerms.OccurrencesOf(kind, term, row.GetString(Lines) ?? "")]);
            }
        }
    }

    private static IEnumerable<string> RangesOf(TermKind kind, string text, bool isWhole)
    {
        string key = ScanTerms.KeyOf(kind, text);
        if (!isWhole)
        {
            return ScanTerms.Partitions.Select(partition => TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey ge {key} and RowKey lt {key + Last}"));
        }

        // All rows of a term lie in one partition; images are spread over their digests.
        string home = ScanTerms.PartitionOf(text);
        string[] ends = [$"{key}|", .. ScanRow.Partitions.Skip(1).Select(digit => $"{key}|sha256:{digit}"), $"{key}}}"];
        return ends.Zip(ends.Skip(1), (from, before) => TableClient.CreateQueryFilter($"PartitionKey eq {home} and RowKey ge {from} and RowKey lt {before}"));
    }

    // Terms that are given are those of the commit row that was just written.
    private async Task SetAsync(Digest image, IReadOnlyList<string> partitions, ScanTerms? written, bool isNew, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> left = partitions;
        for (int attempt = 0; left.Count > 0 && attempt < StorageLimits.Attempts; attempt++)
        {
            // In this order: what is stored is looked at after the rows that it is compared with.
            bool isFirst = isNew && attempt == 0;
            TableEntity?[] rows = isFirst
                ? new TableEntity?[left.Count]
                : await Task.WhenAll(left.Select(partition => FindAsync(partition, image, cancellationToken)));
            (ScanTerms terms, string? seen) = isFirst ? (written!, written!.Hashes) : await StoredAsync(image, written, cancellationToken);
            bool[] isSet = await Task.WhenAll(left.Select((partition, i) => TrySetAsync(partition, image, rows[i], terms, cancellationToken)));

            // Whoever has changed the image meanwhile may have found its terms right, and so has changed no row by which this writer would know.
            if ((await _rows.FindAsync(image, cancellationToken))?.Terms == seen)
            {
                left = [.. left.Where((_, i) => !isSet[i])];
            }
        }

        if (left.Count > 0)
        {
            throw StorageException.Contended($"Terms of {image}");
        }
    }

    private async Task<TableEntity?> FindAsync(string partition, Digest image, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ImageTerms, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            partition, ImagePrefix + ScanRow.KeyOf(image), cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    // What is stored now, and the hashes that its commit row has of it, null if there is none. If it changes while it is read, whoever changes it will
    // write its terms, too.
    private async Task<(ScanTerms Terms, string? Hashes)> StoredAsync(Digest image, ScanTerms? written, CancellationToken cancellationToken)
    {
        if (await _rows.FindAsync(image, cancellationToken) is not { } row)
        {
            return (ScanTerms.None, null);
        }

        if (row.Terms == written?.Hashes)
        {
            return (written, row.Terms);
        }

        byte[]? content = await _content.ReadAsync(ScanRow.KeyOf(image), row.Content, cancellationToken);
        return (content is not null && Compressed.TryRead(content, out Results.Scan? scan) ? ScanTerms.Of(scan) : written ?? ScanTerms.None, row.Terms);
    }

    private async Task<bool> TrySetAsync(string partition, Digest image, TableEntity? row, ScanTerms terms, CancellationToken cancellationToken)
    {
        SortedDictionary<string, ScanTerms.Term> wanted = terms.ByPartition.GetValueOrDefault(partition) ?? [];
        Dictionary<string, uint> had = row?.GetBinary(Terms) is { } bytes && Compressed.TryRead(bytes, out Dictionary<string, uint>? read) ? read : [];
        Queue<(string Key, ScanTerms.Term? Term)> changes = ChangesOf(had, wanted);
        if (changes.Count == 0 && (row is null ? wanted.Count == 0 : wanted.Count > 0 && row.GetString(Hash) == ScanTerms.HashOf(wanted)))
        {
            return true;
        }

        TableClient table = await account.TableAsync(TableNames.ImageTerms, cancellationToken);
        ETag? tag = row?.ETag;
        do
        {
            List<TableTransactionAction> transaction = NextOf(changes, had, partition, image);
            bool isGone = changes.Count == 0 && had.Count == 0;
            var named = new TableEntity(partition, ImagePrefix + ScanRow.KeyOf(image))
            {
                [Terms] = Compressed.Write(had).ToArray(),
                [Hash] = changes.Count == 0 ? ScanTerms.HashOf(wanted) : "",
            };
            if (isGone && tag is null)
            {
                return true;
            }

            transaction.Insert(0, tag is null ? new TableTransactionAction(TableTransactionActionType.Add, named)
                : isGone ? new TableTransactionAction(TableTransactionActionType.Delete, named, tag.Value)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, named, tag.Value));
            try
            {
                Response<IReadOnlyList<Response>> done = await table.SubmitTransactionAsync(transaction, cancellationToken);
                tag = done.Value[0].Headers.ETag;
            }
            catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
            {
                return false;
            }
        }
        while (changes.Count > 0);
        return true;
    }

    private static Queue<(string Key, ScanTerms.Term? Term)> ChangesOf(Dictionary<string, uint> had, SortedDictionary<string, ScanTerms.Term> wanted)
    {
        var gone = had.Keys.Where(key => !wanted.ContainsKey(key)).Select(key => (key, (ScanTerms.Term?)null));
        var other = wanted.Where(term => !had.TryGetValue(term.Key, out uint hash) || hash != term.Value.Hash);
        return new Queue<(string Key, ScanTerms.Term? Term)>(gone.Concat(other.Select(term => (term.Key, (ScanTerms.Term?)term.Value))));
    }

    // As much as a transaction takes; the terms that the image has come to have after it are kept in `had`.
    private static List<TableTransactionAction> NextOf(
        Queue<(string Key, ScanTerms.Term? Term)> changes, Dictionary<string, uint> had, string partition, Digest image)
    {
        var transaction = new List<TableTransactionAction>();
        int characters = 0;
        while (transaction.Count < StorageLimits.RowsPerTransaction - 1 && characters < TransactionCharacters
            && changes.TryDequeue(out (string Key, ScanTerms.Term? Term) change))
        {
            string key = $"{change.Key}|{ScanRow.KeyOf(image)}";
            if (change.Term is { } term)
            {
                had[change.Key] = term.Hash;
                characters += term.Lines.Length;
                transaction.Add(new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace, new TableEntity(partition, key) { [Term] = term.Text, [Lines] = term.Lines }));
            }
            else
            {
                had.Remove(change.Key);
                transaction.Add(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, key), ETag.All));
            }
        }

        return transaction;
    }
}

/// <summary>An image that has a term.</summary>
/// <param name="Image">Its digest, as text.</param>
/// <param name="Occurrences">Where the term is in it.</param>
public sealed record FoundTerm(string Image, IReadOnlyList<TermOccurrence> Occurrences);
