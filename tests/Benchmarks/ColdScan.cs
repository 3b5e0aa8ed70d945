using System.Diagnostics;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Archives;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;

namespace ImageScan.Benchmarks;

/// <summary>An image that nobody has seen before, from its name to its inventory, by the parts that the app is made of.</summary>
internal sealed class ColdScan(IReadOnlyList<IPackageDetector> detectors) : IDisposable
{
    private static readonly LayerLimits Limits = new();
    private readonly RegistryClient _client = new([], new RegistryClientSettings { AllowLoopbackRegistries = true }, TimeProvider.System);
    private readonly LayerReading _layers = new(new LayerInspection(detectors, Limits, new InspectionLimits()), null, null, new ScanSettings(), TimeProvider.System);

    public ColdScan()
        : this(PackageDetectors.All)
    {
    }

    /// <summary>Everything: manifest, layers side by side, merge. Returns the number of packages.</summary>
    public async Task<int> InventoryAsync(string image)
    {
        ScanPlan plan = await PlanAsync(_client.Open(ReferenceOf(image)));
        return Merged(await LayersAsync(plan)).Packages.Count;
    }

    /// <summary>What is in an archive: its layers, oldest first, and what they come to.</summary>
    public async Task<(IReadOnlyList<LayerInventory> Layers, ImageInventory Image)> ArchiveAsync(string path)
    {
        ScanPlan plan = await PlanAsync(await ImageArchive.OpenAsync(path, name: null, new ImageLimits(), CancellationToken.None));
        IReadOnlyList<LayerInventory> layers = await LayersAsync(plan);
        return (layers, Merged(layers));
    }

    /// <summary>The layers walked and every wanted file read, without what is kept of a layer; so it can be had with and without reading ahead.</summary>
    public async Task DetectAsync(string image, bool readAhead)
    {
        ScanPlan plan = await PlanAsync(_client.Open(ReferenceOf(image)));
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

    private static ImageReference ReferenceOf(string image) =>
        ImageReference.TryParse(image, out ImageReference? reference, out string? reason) ? reference : throw new ArgumentException(reason, nameof(image));

    private static async Task<ScanPlan> PlanAsync(IImageSource source)
    {
        Descriptor target = await source.ResolveAsync(CancellationToken.None);
        ImageManifest manifest = await source.ReadManifestAsync(target, Platform.Default, CancellationToken.None);
        return new ScanPlan
        {
            Request = new ScanRequest(new ImageReference("", "", "", "", Digest: null), Platform.Default),
            Source = source,
            Manifest = manifest,
            Unread = [.. manifest.Layers.DistinctBy(layer => layer.Digest).OrderByDescending(layer => layer.Size)],
        };
    }

    private async Task<IReadOnlyList<LayerInventory>> LayersAsync(ScanPlan plan)
    {
        var layers = await _layers.ReadAsync(plan, null, CancellationToken.None);
        return [.. plan.Manifest!.Layers.Select(layer => layers[layer.Digest])];
    }

    private static ImageInventory Merged(IReadOnlyList<LayerInventory> layers) => LayerMerge.Of(layers, CancellationToken.None);

    private static void Detect(Stream blob, string mediaType)
    {
        using var walker = new LayerWalker(blob, mediaType, Limits);
        while (walker.MoveNext())
        {
            LayerEntry entry = walker.Current;
            if (entry.Kind == LayerEntryKind.File
                && PackageDetectors.All.FirstOrDefault(detector => detector.Wants(entry.Path) && detector.Opens(entry)) is { } wanting)
            {
                wanting.Read(entry, walker.Content, new FileFindings(entry.Path));
            }
        }
    }
}
