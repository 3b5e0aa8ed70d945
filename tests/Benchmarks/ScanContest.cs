using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>
/// The whole cold inventory beside the least that any scanner has to do: pull every layer, check its sha256, expand it, go from
/// header to header. Both read two layers at once.
/// </summary>
internal static class ScanContest
{
    public static async Task RunAsync()
    {
        using var images = new MadeImages();
        var large = images.Add("large", 400);
        var several = images.Add("several", 130, 110, 90, 70);
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(images.Folder);
        await CompareAsync(registry, "large", "One layer", large);
        await CompareAsync(registry, "several", "Four layers", several);
        await PrintPeakAsync($"{registry.Host}/large:1");
        await PrintPeakAsync($"{registry.Host}/several:1");
    }

    private static async Task CompareAsync(LoopbackRegistry registry, string name, string title, IReadOnlyList<(string Digest, long Size)> layers)
    {
        string image = $"{registry.Host}/{name}:1";
        using var http = new HttpClient();
        using var scan = new ColdScan();
        await new Contest($"{title}, {layers.Sum(layer => layer.Size) >> 20} MiB of gzip, {await scan.InventoryAsync(image)} packages", rounds: 7)
            .Add("floor: pull + sha256 + GZipStream + walk, a thread a layer", () => Floor.PullAsync(http, image, layers, readAhead: false))
            .Add("floor, pull and sha256 ahead", () => Floor.PullAsync(http, image, layers, readAhead: true))
            .Add("client, walker, detectors, nothing ahead", () => scan.DetectAsync(image, readAhead: false))
            .Add("client, walker, detectors, ReadAheadStream", () => scan.DetectAsync(image, readAhead: true))
            .Add("whole cold inventory", () => scan.InventoryAsync(image))
            .RunAsync();
    }

    private static async Task PrintPeakAsync(string image)
    {
        using Process process = OwnProgram.Start("peak", image);
        Console.WriteLine($"\n{image}, a process of its own: {(await process.StandardOutput.ReadToEndAsync()).Trim()}");
        await process.WaitForExitAsync();
    }
}
