using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Scans;

/// <summary>What other processes have kept of layers, seen from outside.</summary>
internal static class KeptLayers
{
    /// <summary>Waits until the layer is kept under that prefix; fails after a minute.</summary>
    public static async Task HaveAsync(Digest layer, string connectionString, string prefix)
    {
        using var account = new StorageAccount(new StorageSettings { ConnectionString = connectionString, Prefix = prefix });
        var layers = new LayerStore(account, TimeProvider.System, NullLogger<LayerStore>.Instance);
        string detectors = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits()).DetectorsVersion;
        await Eventually.GetAsync(() => layers.FindAsync(layer, detectors, TestContext.Current.CancellationToken), kept => kept is not null);
    }
}
