using System.Diagnostics;
using Azure.Data.Tables;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Benchmarks.Lists;

/// <summary>
/// What a page, a count, a rank and a search read of many stored images, beside a scan of the table, which is what they took before there were rows
/// for lists.
/// </summary>
internal static class ListContest
{
    private const int Rounds = 5;

    public static async Task RunAsync(int images)
    {
        await using var tables = new OrderedTables();
        MadeLists.Fill(tables, images);
        await tables.StartAsync();
        using var account = new StorageAccount(new StorageSettings { ConnectionString = tables.ConnectionString });
        var search = new ImageSearch(new ImageList(account), new TermStore(account), new RiskLedger(account));
        Task PageAsync(string query, string field, bool isReversed, int offset, int limit) => search.PageAsync(
            ImageQuery.Parse(query, DateTimeOffset.UtcNow), ImageSort.Of(field, isReversed)!, offset, limit, CancellationToken.None);
        await search.RanksAsync(CancellationToken.None);
        (string What, Func<Task> Run)[] contenders =
        [
            ("**table scan**: all commit rows, whatever was asked", () => ScanAsync(account)),
            ("first 20, last updated first", () => PageAsync("", "Last Updated", true, 0, 20)),
            ("first 1,000 by risk", () => PageAsync("", "Image Risk Priority", false, 0, 1_000)),
            ($"20 after {images - 20:N0}", () => PageAsync("", "Image CVE Count", false, images - 20, 20)),
            ("rank of one, ledger known", () => search.RankOfAsync(1, CancellationToken.None)),
            ("rank of one, ledger unknown", () => new RiskLedger(account).RanksAsync(CancellationToken.None)),
            ("count of all", () => search.CountAsync(ImageQuery.All, CancellationToken.None)),
            ("one name", () => PageAsync($"Image:\"{MadeLists.NameOf(4_711 % images)}\"", "", false, 0, 20)),
            ($"a CVE of {images / 1_000} images", () => PageAsync($"CVE:\"{MadeLists.RareCve}\"", "", false, 0, 20)),
            ("a component of all, first 20", () => PageAsync($"Component:\"{MadeLists.EveryComponent}\"", "", false, 0, 20)),
            ("critical and fixable, first 20", () => PageAsync("Severity:CRITICAL+Fixable:true", "", false, 0, 20)),
            ("what none has, `Image Tag:none`", () => PageAsync("Image Tag:none", "", false, 0, 20)),
        ];

        var times = contenders.ToDictionary(contender => contender.What, _ => new List<double>());
        var counts = new Dictionary<string, (long Requests, long Rows, long Bytes)>();
        for (int round = -1; round < Rounds; round++)
        {
            foreach ((string what, Func<Task> run) in contenders)
            {
                tables.Take();
                long begun = Stopwatch.GetTimestamp();
                await run();
                times[what].Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                counts[what] = tables.Take();
            }
        }

        double scan = MedianOf(times[contenders[0].What]);
        Console.WriteLine($"{images:N0} images\n");
        Console.WriteLine("| asked | requests | rows | KiB | ms | of the table scan: bytes, time |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach ((string what, _) in contenders)
        {
            double milliseconds = MedianOf(times[what]);
            (long requests, long rows, long bytes) = counts[what];
            double ofBytes = bytes / (double)counts[contenders[0].What].Bytes;
            Console.WriteLine($"| {what} | {requests:N0} | {rows:N0} | {bytes >> 10:N0} | {milliseconds:0} | {ofBytes:0.0000}, {milliseconds / scan:0.000} |");
        }
    }

    // As it was before: the columns of lists of every commit row, sixteen partitions side by side, sorted here.
    private static async Task ScanAsync(StorageAccount account)
    {
        TableClient table = await account.TableAsync(TableNames.Images, CancellationToken.None);
        List<ListedImage>[] partitions = await Task.WhenAll(ScanRow.Partitions.Select(async partition =>
        {
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {ImageOrder.Mark}");
            return await table.QueryAsync<TableEntity>(filter, select: ListColumns.All).Select(ListColumns.Read).ToListAsync();
        }));
        _ = partitions.SelectMany(images => images).OrderByDescending(image => image.LastUpdated).ThenBy(image => image.Id, StringComparer.Ordinal).Take(1_000).ToList();
    }

    // But for the first round, which is for the JIT.
    private static double MedianOf(List<double> times) => times.Skip(1).Order().ElementAt(Rounds / 2);
}
