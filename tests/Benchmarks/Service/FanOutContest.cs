using System.Globalization;

namespace ImageScan.Benchmarks.Service;

/// <summary>
/// One image whose layers go over the queue, read by one, two and four workers from a registry that is as slow as a network: beside the least
/// that it can take with so many connections.
/// </summary>
internal static class FanOutContest
{
    private const int Parallel = 2;
    private static readonly int[] Workers = [1, 2, 4];

    /// <summary>Reads an image of sixteen even layers, and the named ones.</summary>
    /// <param name="names">Images made of packages.</param>
    /// <param name="rounds">Null for the usual.</param>
    /// <param name="bytesPerSecond">Of one connection. Where eight of them bring more than the machine's cores can expand, cores are measured.</param>
    public static async Task RunAsync(IReadOnlyList<string> names, int? rounds, long bytesPerSecond)
    {
        using var images = new MadeImages();
        var contests = new List<(string Name, IReadOnlyList<(string Digest, long Size)> Layers)>
        {
            ("even", images.Add("even", [.. Enumerable.Range(0, 16).Select(i => (500 + i, (int)(bytesPerSecond / 500_000)))])),
        };
        foreach (BuiltImage image in names.Select(BuiltImage.Find).OfType<BuiltImage>())
        {
            images.Add(image);
            contests.Add((image.Name, image.Layers));
        }

        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder, bytesPerSecond);
        var fleets = new List<Fleet>();
        try
        {
            foreach (int workers in Workers)
            {
                fleets.Add(await Fleet.StartAsync(workers));
            }

            foreach ((string name, IReadOnlyList<(string Digest, long Size)> layers) in contests)
            {
                await CompareAsync($"{registry.Host}/{name}:1", name, layers, fleets, rounds ?? 3, bytesPerSecond);
            }
        }
        finally
        {
            foreach (Fleet fleet in fleets)
            {
                await fleet.DisposeAsync();
            }
        }
    }

    private static async Task CompareAsync(
        string image, string name, IReadOnlyList<(string Digest, long Size)> layers, List<Fleet> fleets, int rounds, long bytesPerSecond)
    {
        long bytes = layers.Sum(layer => layer.Size);
        var race = new Race($"{name}, {bytes >> 20} MiB in {layers.Count} layers at {bytesPerSecond / 1_000_000} MB/s a connection", rounds);
        foreach (Fleet fleet in fleets)
        {
            race.Add($"{fleet.Workers} workers", () => fleet.ScanAsync(image), () => fleet.Cpu, fleet.EmptyAsync);
        }

        IReadOnlyList<(double Wall, double Cpu)> measured = await race.RunAsync();
        Console.WriteLine($"\n| workers, {Parallel} layers each | wall s | bytes / (connections x rate), s | wall / that | whole layers, largest first, s | wall / that |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach ((Fleet fleet, double wall) in fleets.Zip(measured.Select(one => one.Wall)))
        {
            int connections = fleet.Workers * Parallel;
            double ideal = bytes / (double)bytesPerSecond / connections;
            double whole = LongestOf(connections, layers) / (double)bytesPerSecond;
            Console.WriteLine($"| {fleet.Workers} | {wall:0.00} | {ideal:0.00} | {wall / ideal:0.00} | {whole:0.00} | {wall / whole:0.00} |");
        }
    }

    // Each layer to the connection that is free first, the largest first.
    private static long LongestOf(int connections, IReadOnlyList<(string Digest, long Size)> layers)
    {
        var busy = new long[connections];
        foreach (long size in layers.Select(layer => layer.Size).OrderDescending())
        {
            busy[Array.IndexOf(busy, busy.Min())] += size;
        }

        return busy.Max();
    }

    // Workers on a storage of their own.
    private sealed class Fleet(EmptiedStorage storage, List<ScanServer> servers) : IAsyncDisposable
    {
        public int Workers => servers.Count;

        public double Cpu => servers.Sum(server => server.Cpu);

        public static async Task<Fleet> StartAsync(int workers)
        {
            var fleet = new Fleet(await EmptiedStorage.StartAsync(), []);
            string parallel = Parallel.ToString(CultureInfo.InvariantCulture);
            (string, string)[] settings =
            [
                .. await ServiceSettings.StandardAsync(),
                ("Scan__InlineBytes", "1000000"), ("Scan__ParallelLayers", parallel), ("Scan__LayersPerInstance", parallel),
            ];
            for (int i = 0; i < workers; i++)
            {
                fleet.Add(await ScanServer.StartAsync(fleet.Storage, settings));
            }

            return fleet;
        }

        private string Storage => storage.ConnectionString;

        private void Add(ScanServer server) => servers.Add(server);

        public Task EmptyAsync() => storage.EmptyAsync();

        public async Task ScanAsync(string image) => await servers[0].ScanAsync(image);

        public async ValueTask DisposeAsync()
        {
            foreach (ScanServer server in servers)
            {
                await server.DisposeAsync();
            }

            await storage.DisposeAsync();
        }
    }
}
