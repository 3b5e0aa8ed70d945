namespace ImageScan.Benchmarks.Service;

/// <summary>A stored image asked for when there are newer advisories: matched again from what is stored, and saved, without a pull.</summary>
internal static class RematchContest
{
    public static async Task RunAsync(IReadOnlyList<string> names, int? rounds)
    {
        List<BuiltImage> built = [.. names.Select(BuiltImage.Find).OfType<BuiltImage>()];
        using var images = new MadeImages();
        built.ForEach(images.Add);
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using ScanServer older = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.OlderAsync());
        await using ScanServer younger = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.StandardAsync());
        foreach (BuiltImage image in built)
        {
            string name = $"{registry.Host}/{image.Name}:1";
            int bytes = await younger.ScanAsync(name);
            await new Race($"{image.Title}, stored, {bytes >> 10} KiB of answer", rounds ?? 9, warmUps: 5)
                .Add("same digest, same advisories", () => younger.ScanAsync(name), () => younger.Cpu)
                .Add("same digest, newer advisories", () => younger.ScanAsync(name), () => younger.Cpu, async () =>
                {
                    // Only the older one's scan is matched with the older advisories.
                    await storage.EmptyAsync();
                    await older.ScanAsync(name);
                    await registry.TakeCountsAsync();
                })
                .RunAsync();
            IReadOnlyDictionary<string, int> asked = await registry.TakeCountsAsync();
            Console.WriteLine($"\nBlobs pulled since the last one was stored: {asked.GetValueOrDefault("GET blobs")}");
        }
    }
}
