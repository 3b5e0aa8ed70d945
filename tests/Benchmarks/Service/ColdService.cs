namespace ImageScan.Benchmarks.Service;

/// <summary>Images that nobody has scanned before, asked for over HTTP: beside the floor, and beside Trivy.</summary>
internal static class ColdService
{
    public static async Task RunAsync(IReadOnlyList<string> names, int? rounds)
    {
        await using DockerRegistry? registry = await DockerRegistry.TryStartAsync();
        if (registry is null)
        {
            return;
        }

        Trivy? trivy = Peer.All().OfType<Trivy>().FirstOrDefault();
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using ScanServer server = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.StandardAsync());
        foreach (string name in names)
        {
            if (BuiltImage.Find(name) is { } image && await registry.NameOfAsync(image) is { } pulled)
            {
                await CompareAsync(image, pulled, rounds ?? RoundsFor(image), storage, server, trivy);
            }
        }
    }

    private static async Task CompareAsync(BuiltImage image, string name, int rounds, EmptiedStorage storage, ScanServer server, Trivy? trivy)
    {
        using var http = new HttpClient();
        for (int i = 0; i < WarmUpsFor(image); i++)
        {
            await storage.EmptyAsync();
            await server.ScanAsync(name);
            await Floor.PullAsync(http, name, image.Layers, readAhead: true);
        }

        await storage.EmptyAsync();
        double azurite = storage.Cpu;
        int bytes = await server.ScanAsync(name);
        azurite = storage.Cpu - azurite;
        Race race = new Race($"{image.Title}, {bytes >> 10} KiB of answer, {azurite * 1e3:0} ms of Azurite's CPU a scan", rounds)
            .Add("floor: pull + sha256 + GZipStream + walk, pull and sha256 ahead", () => Floor.PullAsync(http, name, image.Layers, readAhead: true))
            .Add("service, cold", () => server.ScanAsync(name), () => server.Cpu, storage.EmptyAsync);
        if (trivy is not null)
        {
            race.AddProgram("trivy, cold", () => trivy.Scan(name, ""));
        }

        await race.RunAsync();
    }

    // Code that is called often is compiled once more, beside what it does; with small images that takes many rounds.
    private static int WarmUpsFor(BuiltImage image) => image.Layers.Sum(layer => layer.Size) switch
    {
        < 10 << 20 => 60,
        < 100 << 20 => 12,
        _ => 3,
    };

    private static int RoundsFor(BuiltImage image) => image.Layers.Sum(layer => layer.Size) switch
    {
        < 10 << 20 => 21,
        < 100 << 20 => 9,
        < 1L << 30 => 5,
        _ => 3,
    };
}
