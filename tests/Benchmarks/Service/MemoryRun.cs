using System.Diagnostics;

namespace ImageScan.Benchmarks.Service;

/// <summary>What one worker holds over two thousand scans of a mix: forced, stored and joined ones, read in place and over the queue.</summary>
internal static class MemoryRun
{
    private const int Scans = 2_000;
    private const int Callers = 3;
    private const int Bases = 4;
    private const int Images = 60;
    private static readonly int[] Marks = [1, 50, 100, 200, 500, 1_000, 1_500, Scans];

    /// <summary>Stops after that time, whatever it has done by then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static async Task RunAsync()
    {
        using var images = new MadeImages();
        var names = new List<string>();
        for (int i = 0; i < Images; i++)
        {
            names.Add($"mix-{i}");
            images.Add(names[^1], (1 + (i % Bases), 4), (100 + i, 1 + (i % 2)), (200 + (i % 7), 1));
        }

        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        (string, string)[] settings = [.. await ServiceSettings.StandardAsync(), ("Scan__InlineBytes", "2500000")];
        await using ScanServer server = await ScanServer.StartAsync(storage.ConnectionString, settings);
        Console.WriteLine($"\n{Scans} scans of {Images} images of three layers, {Callers} callers at once; load {ProcessFigures.Load}");
        Console.WriteLine("| scans | resident MiB | to that after 200 | seconds |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        double early = 0;
        int done = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (int mark in Marks)
        {
            int first = done;
            await Parallel.ForEachAsync(Enumerable.Range(first, mark - first), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
            {
                // By the number alone, so that every run is the same mix: four in ten forced, the others stored or new.
                var random = new Random(i);
                string image = $"{registry.Host}/{names[random.Next(names.Count)]}:{(random.Next(20) == 0 ? "other" : "1")}";
                await server.ScanAsync(image, force: random.Next(10) < 4);
            });
            done = mark;
            double resident = ProcessFigures.ResidentOf(server.ProcessId);
            early = mark == 200 ? resident : early;
            Console.WriteLine($"| {mark} | {resident:0} | {(early > 0 ? $"{resident / early:0.00}" : "")} | {Stopwatch.GetElapsedTime(start).TotalSeconds:0} |");
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                Console.WriteLine($"Ended after {Longest.TotalMinutes} minutes.");
                return;
            }
        }
    }
}
