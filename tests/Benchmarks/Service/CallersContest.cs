namespace ImageScan.Benchmarks.Service;

/// <summary>Many callers who ask for the same image at once, which nobody has scanned before: beside one caller, also in what the registry is asked.</summary>
internal static class CallersContest
{
    private const int Callers = 100;

    public static async Task RunAsync(IReadOnlyList<string> names, int? rounds)
    {
        List<BuiltImage> built = [.. names.Select(BuiltImage.Find).OfType<BuiltImage>()];
        using var images = new MadeImages();
        built.ForEach(images.Add);
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using ScanServer server = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.StandardAsync());
        foreach (BuiltImage image in built)
        {
            await CompareAsync(image, registry, storage, server, rounds ?? 5);
        }
    }

    private static async Task CompareAsync(BuiltImage image, LoopbackRegistry registry, EmptiedStorage storage, ScanServer server, int rounds)
    {
        string name = $"{registry.Host}/{image.Name}:1";
        var asked = new Dictionary<int, string>();
        Func<Task> Ask(int callers) => async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => server.ScanAsync(name)));
            asked[callers] = string.Join(", ", (await registry.TakeCountsAsync()).OrderBy(count => count.Key).Select(count => $"{count.Value} {count.Key}"));
        };
        async Task PrepareAsync()
        {
            await storage.EmptyAsync();
            await registry.TakeCountsAsync();
        }

        await new Race($"{image.Title}, cold", rounds, warmUps: 2)
            .Add("one caller", Ask(1), () => server.Cpu, PrepareAsync)
            .Add($"{Callers} callers at once", Ask(Callers), () => server.Cpu, PrepareAsync)
            .RunAsync();
        Console.WriteLine($"\nThe registry was asked, last round: one caller {asked[1]}; {Callers} callers {asked[Callers]}");
    }
}
