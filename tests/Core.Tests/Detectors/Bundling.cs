using System.Text;
using System.Text.Json;
using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>A layer that is read and recorded, and what is read of its bundle afterwards.</summary>
internal static class Bundling
{
    private static readonly LayerSettings Keeping = new();

    public static LayerInspection Inspection(
        IReadOnlyList<IPackageDetector>? detectors = null, LayerLimits? layerLimits = null, InspectionLimits? limits = null) =>
        new(detectors ?? PackageDetectors.All, layerLimits ?? new LayerLimits(), limits ?? new InspectionLimits());

    /// <summary>What the layer says, and its bundle, or why it has none.</summary>
    public static async Task<(LayerInventory Layer, LayerBundle? Bundle, string? Refusal)> RecordAsync(
        this LayerInspection inspection, Func<Stream> open, LayerSettings? keeping = null)
    {
        using BundleRecorder recorder = inspection.NewRecorder(keeping ?? Keeping);
        LayerInventory layer = await inspection.ReadAsync(
            _ => Task.FromResult(open()), "application/vnd.oci.image.layer.v1.tar", recorder, TestContext.Current.CancellationToken);
        LayerBundle? bundle = recorder.Complete();
        return (layer, bundle, recorder.Refusal);
    }

    public static Task<(LayerInventory Layer, LayerBundle? Bundle, string? Refusal)> RecordAsync(
        this LayerInspection inspection, byte[] blob, LayerSettings? keeping = null) => inspection.RecordAsync(() => new MemoryStream(blob), keeping);

    /// <summary>The bundle of a layer that must have one.</summary>
    public static async Task<LayerBundle> BundleAsync(this LayerInspection inspection, byte[] blob)
    {
        (_, LayerBundle? bundle, string? refusal) = await inspection.RecordAsync(blob);
        Assert.NotNull(bundle);
        Assert.Equal("It was taken already.", refusal);
        return bundle;
    }

    public static Task<BundleReading> ReadAsync(this LayerInspection inspection, LayerBundle bundle) =>
        inspection.ReadBundleAsync(bundle, TestContext.Current.CancellationToken);

    /// <summary>Reading the bundle gives the layer's inventory, byte for byte; and the layer's is the same with and without recording.</summary>
    public static async Task<LayerBundle> AssertSameAsync(Func<Stream> open, LayerInspection? inspection = null)
    {
        inspection ??= Inspection();
        LayerInventory plain = await inspection.ReadAsync(_ => Task.FromResult(open()), "", TestContext.Current.CancellationToken);
        (LayerInventory layer, LayerBundle? bundle, string? refusal) = await inspection.RecordAsync(open);
        Assert.Equal(Text(plain), Text(layer));
        Assert.True(bundle is not null, refusal);

        BundleReading reading = await inspection.ReadAsync(bundle);

        Assert.Equal("", reading.Reason);
        Assert.Equal(Text(layer), Text(reading.Inventory!));
        return bundle;
    }

    public static Task<LayerBundle> AssertSameAsync(byte[] blob, LayerInspection? inspection = null) =>
        AssertSameAsync(() => new MemoryStream(blob), inspection);

    public static string Text(LayerInventory layer) => JsonSerializer.Serialize(layer, SavedJson.Of<LayerInventory>());

    public static byte[] BytesOf(LayerBundle bundle)
    {
        var copy = new MemoryStream();
        bundle.Open().CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A detector made for a test: it reads what ends so, and finds a package with the file's text as its version.</summary>
    public sealed class Reader(string ending, int version = 1, int reads = int.MaxValue, bool skims = false, string name = "reader") : IPackageDetector
    {
        public string Name => name;

        public int Version => version;

        public IReadOnlyList<string> FixedPaths => [];

        public bool Skims => skims;

        public bool Wants(string path) => path.EndsWith(ending, StringComparison.Ordinal);

        public void Read(LayerEntry entry, Stream content, FileFindings findings)
        {
            var start = new byte[Math.Min(reads, 10_000)];
            int read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(start, 0, Math.Min(read, 500));
            findings.Add(new Package { Type = PackageType.Binary, Name = $"{name}{version}", Version = text, Path = entry.Path });
            findings.Warn($"{read} of {entry.Size} bytes");
        }
    }
}
