namespace ImageScan.Core.Storage.Sweeps;

/// <summary>What is kept of layers that images have.</summary>
/// <param name="BundlesBefore">Bundles go of layers that no image was scanned with since; null if none goes.</param>
/// <param name="Detectors">The versions of detectors that are at work.</param>
/// <param name="InventoriesBefore">What other detectors have read before this moment goes.</param>
public sealed record LayerSweepRules(DateTimeOffset? BundlesBefore, IReadOnlySet<string> Detectors, DateTimeOffset InventoriesBefore);
