namespace ImageScan.Benchmarks;

/// <summary>
/// The cold inventory of images made from real packages, pulled from docker-registry on this machine: in a warm process beside the floor, and
/// as a program of its own beside other scanners.
/// </summary>
internal static class InventoryContest
{
    public static async Task RunAsync(IReadOnlyList<string> names, int? rounds = null)
    {
        await using DockerRegistry? registry = await DockerRegistry.TryStartAsync();
        if (registry is null)
        {
            return;
        }

        IReadOnlyList<Peer> peers = Peer.All();
        foreach (string name in names)
        {
            if (BuiltImage.Find(name) is { } image && await registry.NameOfAsync(image) is { } pulled)
            {
                await CompareWithFloorAsync(image, pulled, rounds ?? RoundsFor(image));
                await CompareWithPeersAsync(image, pulled, peers, rounds ?? RoundsFor(image));
            }
        }
    }

    /// <summary>Nothing but the cold inventory, for a profiler to look at.</summary>
    public static async Task RepeatAsync(string name, int times)
    {
        await using DockerRegistry? registry = await DockerRegistry.TryStartAsync();
        if (registry is not null && BuiltImage.Find(name) is { } image && await registry.NameOfAsync(image) is { } pulled)
        {
            using var scan = new ColdScan();
            for (int i = 0; i < times; i++)
            {
                await scan.InventoryAsync(pulled);
            }
        }
    }

    private static async Task CompareWithFloorAsync(BuiltImage image, string name, int rounds)
    {
        using var http = new HttpClient();
        using var scan = new ColdScan();
        string title = $"{image.Title}, {await scan.InventoryAsync(name)} packages; one warm process";
        await new Contest(title, rounds, WarmUpsFor(image))
            .Add("floor: pull + sha256 + GZipStream + walk, pull and sha256 ahead", () => Floor.PullAsync(http, name, image.Layers, readAhead: true))
            .Add("the same, a thread a layer", () => Floor.PullAsync(http, name, image.Layers, readAhead: false))
            .Add("client, walker, detectors, nothing kept", () => scan.DetectAsync(name, readAhead: true))
            .Add("cold inventory", () => scan.InventoryAsync(name))
            .RunAsync();
    }

    private static async Task CompareWithPeersAsync(BuiltImage image, string name, IReadOnlyList<Peer> peers, int rounds)
    {
        if (image.Archive() is not { } archive)
        {
            return;
        }

        using var scan = new ColdScan();
        await scan.InventoryAsync(name);
        ProgramContest contest = new ProgramContest(image.Title, rounds)
            .AddWarm("ours, warm process", () => scan.InventoryAsync(name))
            .Add("ours, a program of its own", () => OwnProgram.Command("idle"), () => OwnProgram.Command("peak", name));
        foreach (Peer peer in peers)
        {
            contest.Add(peer.Name, peer.StartUp, () => peer.Scan(name, archive));
        }

        await contest.RunAsync();
    }

    // Code that is called often is compiled once more, beside what it does; with small images that takes many rounds.
    private static int WarmUpsFor(BuiltImage image) => image.Layers.Sum(layer => layer.Size) < 10 << 20 ? 60 : 1;

    // Large images need seconds each.
    private static int RoundsFor(BuiltImage image) => image.Layers.Sum(layer => layer.Size) switch
    {
        < 100 << 20 => 9,
        < 1L << 30 => 5,
        _ => 3,
    };
}
