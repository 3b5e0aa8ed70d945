using System.Diagnostics;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;

namespace ImageScan.Benchmarks;

/// <summary>An image that nobody has seen before, from its name to its inventory, by the parts that the app is made of.</summary>
internal sealed class ColdScan : IDisposable
{
    private static readonly LayerLimits Limits = new();
    private readonly RegistryClient _client = new([], new RegistryClientSettings { AllowLoopbackRegistries = true }, TimeProvider.System);
    private readonly LayerReading _layers = new(new LayerInspection(PackageDetectors.All, Limits, new InspectionLimits()), null, new ScanSettings());

    /// <summary>Everything: manifest, layers side by side, merge. Returns the number of packages.</summary>
    public async Task<int> InventoryAsync(string image)
    {
        ScanPlan plan = await PlanAsync(image);
        var layers = await _layers.ReadAsync(plan, null, CancellationToken.None);
        return LayerMerge.Of([.. plan.Manifest!.Layers.Select(layer => layers[layer.Digest])], CancellationToken.None).Packages.Count;
    }

    /// <summary>The layers walked and every wanted file read, without what is kept of a layer; so it can be had with and without reading ahead.</summary>
    public async Task DetectAsync(string image, bool readAhead)
    {
        ScanPlan plan = await PlanAsync(image);
        var options = new ParallelOptions { MaxDegreeOfParallelism = new ScanSettings().ParallelLayers };
        await Parallel.ForEachAsync(plan.Unread, options, async (layer, token) =>
        {
            await using Stream blob = await plan.Source.OpenBlobAsync(layer, token);
            await using Stream source = readAhead ? new ReadAheadStream(blob, token) : blob;
            Detect(source, layer.MediaType);
        });
    }

    /// <summary>Prints the packages and the most memory that this process has held, after one scan.</summary>
    public static async Task PrintPeakAsync(string image)
    {
        using var scan = new ColdScan();
        int packages = await scan.InventoryAsync(image);
        using var own = Process.GetCurrentProcess();
        Console.WriteLine($"{packages} packages, peak resident memory {own.PeakWorkingSet64 >> 20} MiB");
    }

    public void Dispose() => _client.Dispose();

    private async Task<ScanPlan> PlanAsync(string image)
    {
        if (!ImageReference.TryParse(image, out ImageReference? reference, out string? reason))
        {
            throw new ArgumentException(reason, nameof(image));
        }

        IImageSource source = _client.Open(reference);
        Descriptor target = await source.ResolveAsync(CancellationToken.None);
        ImageManifest manifest = await source.ReadManifestAsync(target, Platform.Default, CancellationToken.None);
        return new ScanPlan
        {
            Request = new ScanRequest(reference, Platform.Default),
            Source = source,
            Manifest = manifest,
            Unread = [.. manifest.Layers.OrderByDescending(layer => layer.Size)],
        };
    }

    private static void Detect(Stream blob, string mediaType)
    {
        using var walker = new LayerWalker(blob, mediaType, Limits);
        while (walker.MoveNext())
        {
            LayerEntry entry = walker.Current;
            if (entry.Kind == LayerEntryKind.File && PackageDetectors.All.FirstOrDefault(detector => detector.Wants(entry.Path)) is { } wanting)
            {
                wanting.Read(entry, walker.Content, new FileFindings(entry.Path));
            }
        }
    }
}
