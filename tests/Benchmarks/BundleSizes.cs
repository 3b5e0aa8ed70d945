using System.Formats.Tar;
using ImageScan.Core.Detectors;
using ImageScan.Core.Layers;

namespace ImageScan.Benchmarks;

/// <summary>How large the bundles of layers are, and how long reading one takes beside reading its layer.</summary>
internal static class BundleSizes
{
    private static readonly LayerSettings Keeping = new();
    private static readonly LayerInspection Inspection = new(PackageDetectors.All, new LayerLimits(), new InspectionLimits());

    /// <summary>Prints a line a layer.</summary>
    /// <param name="images">Names of images that images/build.sh makes, or paths of archives.</param>
    public static async Task PrintAsync(IEnumerable<string> images)
    {
        Console.WriteLine("| layer | MiB stored | bundle MiB | of it | cpu s: layer | with recording | ratio | bundle read |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (string image in images)
        {
            if (BuiltImage.Names.Contains(image))
            {
                await PrintBuiltAsync(image);
            }
            else
            {
                await PrintArchiveAsync(image);
            }
        }
    }

    private static async Task PrintBuiltAsync(string name)
    {
        if (BuiltImage.Find(name) is not { } image)
        {
            return;
        }

        foreach ((string digest, _) in image.Layers)
        {
            string path = Path.Combine(image.Layout, "blobs", digest.Replace(':', Path.DirectorySeparatorChar));
            await PrintLayerAsync($"{name} {digest[7..15]}", () => File.OpenRead(path));
        }
    }

    private static async Task PrintArchiveAsync(string path)
    {
        using var reader = new TarReader(File.OpenRead(path));
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.Name.EndsWith(".tar", StringComparison.Ordinal) && entry.DataStream is MemoryStream data)
            {
                await PrintLayerAsync(Path.GetFileName(path), () => new MemoryStream(data.ToArray()));
            }
        }
    }

    private static async Task PrintLayerAsync(string name, Func<Stream> open)
    {
        (_, LayerBundle? warm) = await RecordAsync(open, record: true);
        warm?.Dispose();
        (double plain, _) = await RecordAsync(open, record: false);
        (double recording, LayerBundle? bundle) = await RecordAsync(open, record: true);
        using Stream layer = open();
        if (bundle is null)
        {
            Console.WriteLine($"| {name} | {Mebibytes(layer.Length)} | none | | {plain:0.00} | {recording:0.00} | {recording / plain:0.00} | |");
            return;
        }

        double before = Cpu();
        BundleReading reading = await Inspection.ReadBundleAsync(bundle, CancellationToken.None);
        double again = Cpu() - before;
        Console.WriteLine(
            $"| {name} | {Mebibytes(layer.Length)} | {Mebibytes(bundle.Length)} | {bundle.Length / (double)layer.Length:0.000} | {plain:0.00} | {recording:0.00} "
            + $"| {recording / plain:0.00} | {again:0.00}{reading.Reason} |");
        bundle.Dispose();
    }

    private static async Task<(double Cpu, LayerBundle? Bundle)> RecordAsync(Func<Stream> open, bool record)
    {
        double before = Cpu();
        using BundleRecorder? recorder = record ? Inspection.NewRecorder(Keeping) : null;
        await Inspection.ReadAsync(_ => Task.FromResult(open()), "", recorder, CancellationToken.None);
        LayerBundle? bundle = recorder?.Complete();
        if (recorder is not null && bundle is null)
        {
            Console.WriteLine(recorder.Refusal);
        }

        return (Cpu() - before, bundle);
    }

    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static string Mebibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 20):0.00}");
}
