using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>What is kept from scan to scan. A scan without it (the command line's) reads everything and leaves nothing behind.</summary>
public sealed record ScanMemory(ScanStore Scans, LayerStore Layers);
