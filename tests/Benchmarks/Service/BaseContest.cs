namespace ImageScan.Benchmarks.Service;

/// <summary>Ever other images on a base that is known: beside pulling what is new, and beside pulling all of it.</summary>
internal static class BaseContest
{
    private const int Rounds = 15;
    private const int WarmUps = 15;
    private const int Mebibytes = 8;

    public static async Task RunAsync()
    {
        if (BuiltImage.Find("debian") is not { } image)
        {
            return;
        }

        using var images = new MadeImages();
        images.Add(image);
        var made = Enumerable.Range(0, Rounds + WarmUps)
            .Select(i => (Name: $"app-{i}", Layers: images.AddOnto(image, $"app-{i}", (Seed: 100 + i, Mebibytes))))
            .ToList();
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using ScanServer server = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.StandardAsync());
        using var http = new HttpClient();
        await server.ScanAsync($"{registry.Host}/{image.Name}:1");
        int scanned = 0;
        string newest = $"{registry.Host}/{made[0].Name}:1";
        await new Race($"An image of {made[0].Layers.Sum(layer => layer.Size) >> 20} MiB, {made[0].Layers[^1].Size >> 20} of them not known", Rounds, WarmUps)
            .Add("floor of the new layer", () => Floor.PullAsync(http, newest, [made[0].Layers[^1]], readAhead: true))
            .Add("floor of the whole image", () => Floor.PullAsync(http, newest, made[0].Layers, readAhead: true))
            .Add("service, base known", () => server.ScanAsync($"{registry.Host}/{made[scanned++].Name}:1"), () => server.Cpu)
            .RunAsync();
    }
}
