namespace ImageScan.Benchmarks.Service;

/// <summary>How many requests each kind of scan makes to storage, counted between the server and Azurite.</summary>
internal static class TransactionCount
{
    // What a server still writes when its caller has the answer.
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        List<BuiltImage> built = [.. new[] { "small", "debian", "poly" }.Select(BuiltImage.Find).OfType<BuiltImage>()];
        if (built.Count < 3)
        {
            return;
        }

        using var images = new MadeImages();
        built.ForEach(images.Add);
        images.AddOnto(built[1], "app", (100, 8));
        images.Add("first", (1, 1));
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using CountingProxy proxy = await CountingProxy.StartAsync(storage.ConnectionString);
        (string, string)[] inline = [("Scan__InlineBytes", "4000000000")];
        await using ScanServer older = await ScanServer.StartAsync(proxy.ConnectionString, [.. await ServiceSettings.OlderAsync(), .. inline]);

        // Tables, queues and containers are made on first use.
        await older.ScanAsync($"{registry.Host}/first:1");
        await Task.Delay(Afterwards);
        proxy.Take();
        Console.WriteLine("| kind of scan | Table: requests | of them writes | rows written | KiB in | KiB out | queue: requests | blobs: writes | reads |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var kinds = new List<string>();
        async Task PrintAsync(string kind, Func<Task> scan)
        {
            proxy.Take();
            await scan();
            await Task.Delay(Afterwards);
            StorageCounts counts = proxy.Take();
            Console.WriteLine($"| {kind} | {counts.Tables} | {counts["Table writes"]} | {counts["rows written"]} | {counts["Table bytes in"] >> 10} "
                + $"| {counts["Table bytes out"] >> 10} | {counts.Queues} | {counts["Blob writes"]} | {counts["Blob reads"]} |");
            kinds.Add($"{kind}: {counts.Kinds()}");
        }

        string Name(string image, string tag = "1") => $"{registry.Host}/{image}:{tag}";
        await PrintAsync("nothing asked, 20 s", () => Task.Delay(TimeSpan.FromSeconds(18)));
        await PrintAsync("cold, 1 layer, 3 MiB", () => older.ScanAsync(Name("small")));
        await PrintAsync("cold, 1 layer, 56 MiB", () => older.ScanAsync(Name("debian")));
        await PrintAsync("a new layer on a known base", () => older.ScanAsync(Name("app")));
        await PrintAsync("cold, 13 layers, 450 MiB, read in place", () => older.ScanAsync(Name("poly")));
        await PrintAsync("the same digest again, 1 layer", () => older.ScanAsync(Name("debian")));
        await PrintAsync("the same digest again, 13 layers", () => older.ScanAsync(Name("poly")));
        await PrintAsync("a new tag of a known digest", () => older.ScanAsync(Name("debian", "2")));
        await PrintAsync("forced, 1 layer", () => older.ScanAsync(Name("debian"), force: true));
        await PrintAsync("20 callers of a cold image at once", async () =>
        {
            await storage.EmptyAsync();
            proxy.Take();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => older.ScanAsync(Name("debian"))));
        });
        await using ScanServer younger = await ScanServer.StartAsync(
            proxy.ConnectionString, [.. await ServiceSettings.StandardAsync(), ("Scan__InlineBytes", "1000000")]);
        await younger.ScanAsync(Name("first"));
        await PrintAsync("newer advisories, 1 layer", () => younger.ScanAsync(Name("debian")));
        await storage.EmptyAsync();
        await PrintAsync("cold, 13 layers, 450 MiB, over the queue", () => younger.ScanAsync(Name("poly")));
        Console.WriteLine();
        kinds.ForEach(Console.WriteLine);
    }
}
