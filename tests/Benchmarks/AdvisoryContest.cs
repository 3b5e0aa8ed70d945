using System.Diagnostics;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Benchmarks;

/// <summary>Snapshots of the real advisories, and of five times as many, beside a plain SQLite table of the same records.</summary>
internal static class AdvisoryContest
{
    private const int Lookups = 1_000;
    private const int Packages = 1_000;
    private const int StoredInventories = 100;
    private static readonly DateTimeOffset BuiltAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(int times)
    {
        if (!AdvisoryRecords.AreThere)
        {
            Console.Error.WriteLine("Skipped: ../shared/data/advisories is not there.");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("imagescan-bench-").FullName;
        try
        {
            string snapshot = Path.Combine(folder, "a.snap");
            string table = Path.Combine(folder, "a.sqlite");
            Console.WriteLine($"\nThe real set {times} times: building, each in a process of its own");
            Console.WriteLine("| | wall s | cpu s | peak MiB | file MiB |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            Print("reading the records", await ProgramRun.OfAsync(OwnProgram.Command("advisories-read", $"{times}")), null);
            Print("snapshot", await ProgramRun.OfAsync(OwnProgram.Command("advisories-build", $"{times}", snapshot)), snapshot);
            Print("SQLite", await ProgramRun.OfAsync(OwnProgram.Command("advisories-table", $"{times}", table)), table);
            await AskAsync(snapshot, table);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task ReadAsync(int times)
    {
        int records = 0;
        await foreach (FeedRecord _ in AdvisoryRecords.ReadAsync(times))
        {
            records++;
        }

        Console.WriteLine(records);
    }

    public static async Task BuildAsync(int times, string path)
    {
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        await foreach (FeedRecord record in AdvisoryRecords.ReadAsync(times))
        {
            builder.Add(record);
        }

        builder.Write(path, BuiltAt);
    }

    /// <summary>Matches with a snapshot that is there.</summary>
    public static async Task MatchAsync(string path)
    {
        using var database = AdvisoryDatabase.Open(path);
        await MatchAsync(database);
    }

    private static void Print(string name, ProgramRun run, string? file) => Console.WriteLine(
        $"| {name} | {run.Wall:0.0} | {run.Cpu:0.0} | {run.Mebibytes:0} | {(file is null ? "" : $"{new FileInfo(file).Length / (double)(1 << 20):0.0}")} |");

    private static async Task AskAsync(string snapshot, string table)
    {
        using var database = AdvisoryDatabase.Open(snapshot);
        using var sqlite = AdvisoryTable.Open(table);
        (string Ecosystem, string Name)[] asked = Asked(database);
        Console.WriteLine($"\n{database.Description.Advisories:N0} advisories; {Lookups} look-ups find {Find(database.Lookup(), asked)} and {Find(sqlite, asked)}");
        await new Contest("Opening and the first look-up", rounds: 11)
            .Add("SQLite", () =>
            {
                using var opened = AdvisoryTable.Open(table);
                Find(opened, asked[..1]);
            })
            .Add("snapshot, hashed whole", () =>
            {
                using var opened = AdvisoryDatabase.Open(snapshot);
                Find(opened.Lookup(), asked[..1]);
            })
            .RunAsync();
        await new Contest($"{Lookups} look-ups, 400 of them of packages with advisories", rounds: 21)
            .Add("SQLite, JSON parsed", () => Find(sqlite, asked))
            .Add("snapshot", () => Find(database.Lookup(), asked))
            .RunAsync();

        await MatchAsync(database);
    }

    private static async Task MatchAsync(AdvisoryDatabase database)
    {
        ImageInventory large = AdvisoryInventories.Of(database, Packages, seed: 1);
        int findings = AdvisoryMatcher.Match(large, database).Packages.Sum(package => package.Findings.Count);
        await new Contest($"Matching an inventory of {Packages} packages: {findings} findings", rounds: 21, warmUps: 60)
            .Add("AdvisoryMatcher", () => AdvisoryMatcher.Match(large, database))
            .RunAsync();
        Rematch(database);
    }

    // One thread: the rate of a core.
    private static void Rematch(AdvisoryDatabase database)
    {
        ImageInventory[] stored = [.. Enumerable.Range(0, StoredInventories).Select(seed => AdvisoryInventories.Of(database, 300, seed))];
        int findings = 0;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        foreach (ImageInventory inventory in stored)
        {
            findings += AdvisoryMatcher.Match(inventory, database).Packages.Sum(package => package.Findings.Count);
        }

        double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Console.WriteLine($"\nMatching stored inventories of 300 packages anew: {stored.Length / seconds:0} a second of CPU, "
            + $"{stored.Length / Stopwatch.GetElapsedTime(start).TotalSeconds:0} a second, {findings / stored.Length} findings each");
    }

    // Names of all ecosystems, spread over the whole file, four in ten; and others like them.
    private static (string, string)[] Asked(AdvisoryDatabase database)
    {
        (string Ecosystem, string Name)[] known = [.. database.Description.Ecosystems
            .SelectMany(count => AdvisoryInventories.Names(database, count.Ecosystem).Select(name => (count.Ecosystem, name)))];
        var random = new Random(1);
        return [.. Enumerable.Range(0, Lookups).Select(i => (known[random.Next(known.Length)], i))
            .Select(pair => pair.i % 10 < 4 ? pair.Item1 : (pair.Item1.Ecosystem, $"{pair.Item1.Name}-none"))];
    }

    private static int Find(AdvisoryLookup lookup, (string Ecosystem, string Name)[] asked) =>
        asked.Sum(one => lookup.Find(OsvEcosystem.Parse(one.Ecosystem), one.Name).Count);

    private static int Find(AdvisoryTable table, (string Ecosystem, string Name)[] asked) => asked.Sum(one => table.Find(one.Ecosystem, one.Name));
}
