using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;

namespace ImageScan.Benchmarks;

/// <summary>
/// The whole cold inventory beside the least that any scanner has to do: pull every layer, check its sha256, expand it. Both read two
/// layers at once.
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
            .Add("floor: pull + sha256 + GZipStream, a thread a layer", () => PullAsync(http, image, layers, readAhead: false))
            .Add("floor, pull and sha256 ahead", () => PullAsync(http, image, layers, readAhead: true))
            .Add("client, walker, detectors, nothing ahead", () => scan.DetectAsync(image, readAhead: false))
            .Add("client, walker, detectors, ReadAheadStream", () => scan.DetectAsync(image, readAhead: true))
            .Add("whole cold inventory", () => scan.InventoryAsync(image))
            .RunAsync();
    }

    private static Task PullAsync(HttpClient http, string image, IReadOnlyList<(string Digest, long Size)> layers, bool readAhead)
    {
        string blobs = $"http://{image[..image.LastIndexOf(':')].Replace("/", "/v2/", StringComparison.Ordinal)}/blobs/";
        var options = new ParallelOptions { MaxDegreeOfParallelism = new ScanSettings().ParallelLayers };
        return Parallel.ForEachAsync(layers, options, async (layer, token) =>
        {
            await using Stream body = await http.GetStreamAsync(blobs + layer.Digest, token);
            using var sha256 = SHA256.Create();
            await using var hashed = new CryptoStream(body, sha256, CryptoStreamMode.Read);
            await using Stream source = readAhead ? new ReadAheadStream(hashed, token) : hashed;
            Expand(source);
            if ($"sha256:{Convert.ToHexStringLower(sha256.Hash!)}" != layer.Digest)
            {
                throw new InvalidDataException("The registry sent other bytes.");
            }
        });
    }

    private static void Expand(Stream blob)
    {
        using var gzip = new GZipStream(blob, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[128 << 10];
        while (gzip.Read(buffer) > 0)
        {
        }
    }

    private static async Task PrintPeakAsync(string image)
    {
        using Process process = OwnProgram.Start("peak", image);
        Console.WriteLine($"\n{image}, a process of its own: {(await process.StandardOutput.ReadToEndAsync()).Trim()}");
        await process.WaitForExitAsync();
    }
}
