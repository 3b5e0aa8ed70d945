using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.EndToEnd.Storage;

/// <summary>What lists and searches read, held against the commit rows and contents that it follows from.</summary>
internal sealed class StoredLists(StorageAccount account, ScanStore scans)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How the rows of lists differ from what the commit rows demand; empty if they do not.</summary>
    public async Task<string[]> WrongRowsAsync()
    {
        TableClient table = await account.TableAsync(TableNames.Images, Token);
        List<TableEntity> rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).Where(row => !RiskLedger.IsOwn(row.RowKey)).ToListAsync(Token);
        ScanRow[] images = [.. CommitRowsOf(rows)];
        var wanted = images.SelectMany(image => ListRows.OrdersOf(image, image.NamesAsBytes())
            .Concat(ListRows.NameKeysOf(image).Select(key => new TableEntity(ScanRow.PartitionOf(image.Id), key)))).Select(TextOf);
        var there = rows.Where(row => row.RowKey.StartsWith('~')).Select(TextOf);
        return DifferenceOf(wanted, there);
    }

    /// <summary>How ranks and count differ from those of the commit rows.</summary>
    public async Task<string[]> WrongLedgerAsync()
    {
        TableClient table = await account.TableAsync(TableNames.Images, Token);
        List<TableEntity> rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
        float[] risks = [.. CommitRowsOf(rows).Select(row => row.Listed.Summary.RiskScore)];
        var ledger = new RiskLedger(account);
        RiskRanks expected = RiskRanks.Of(risks);
        RiskRanks ranks = await ledger.RanksAsync(Token);
        return
        [
            .. new[] { await ledger.CountAsync(Token) }.Where(count => count != risks.Length).Select(count => $"count {count}, not {risks.Length}"),
            .. risks.Append(0).Append(1e9f).Where(risk => ranks.RankOf(risk) != expected.RankOf(risk)).Select(risk => $"rank of {risk}"),
        ];
    }

    /// <summary>How the terms differ from those of the contents.</summary>
    public async Task<string[]> WrongTermsAsync()
    {
        TableClient table = await account.TableAsync(TableNames.Images, Token);
        List<TableEntity> rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
        var wanted = new List<string>();
        foreach (ScanRow row in CommitRowsOf(rows))
        {
            Scan scan = (await scans.FindAsync(row.Id, Token))!;
            wanted.AddRange(ScanTerms.Of(scan).ByPartition.SelectMany(partition => partition.Value.Select(term =>
                $"{partition.Key} {term.Key}|{row.Id}: {term.Value.Text} {term.Value.Lines}")));
        }

        TableClient terms = await account.TableAsync(TableNames.ImageTerms, Token);
        List<TableEntity> there = await terms.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
        return DifferenceOf(
            wanted,
            there.Where(row => !row.RowKey.StartsWith("i|", StringComparison.Ordinal))
                .Select(row => $"{row.PartitionKey} {row.RowKey}: {row.GetString("Term")} {row.GetString("Lines")}"));
    }

    private static IEnumerable<ScanRow> CommitRowsOf(IEnumerable<TableEntity> rows) => rows
        .Where(row => !row.RowKey.StartsWith('~'))
        .Select(row => ScanRow.From(Core.Images.Digest.Parse(row.RowKey), row)!);

    private static string[] DifferenceOf(IEnumerable<string> wanted, IEnumerable<string> there)
    {
        HashSet<string> expected = [.. wanted];
        HashSet<string> found = [.. there];
        return [.. expected.Except(found).Select(row => $"missing: {row}"), .. found.Except(expected).Select(row => $"too much: {row}")];
    }

    private static string TextOf(TableEntity row) => string.Join(' ', row
        .Where(column => column.Key is not ("odata.etag" or "Timestamp") && column.Value is not null)
        .OrderBy(column => column.Key, StringComparer.Ordinal)
        .Select(column => $"{column.Key}={(column.Value is byte[] bytes ? Convert.ToHexStringLower(bytes) : column.Value)}"));
}
