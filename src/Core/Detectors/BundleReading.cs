using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors;

/// <summary>What came of reading a bundle.</summary>
/// <param name="Inventory">The layer's; null if the layer itself must be read.</param>
/// <param name="Reason">Why it must, in one sentence for people; "" if not.</param>
public sealed record BundleReading(LayerInventory? Inventory, string Reason);
