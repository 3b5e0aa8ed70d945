namespace ImageScan.Core.Scans;

/// <summary>How scans are run: <c>Scan__InlineBytes</c> and so on.</summary>
public sealed record ScanSettings
{
    /// <summary>Compressed bytes of layers not yet known that one HTTP call reads itself; more go over the queue.</summary>
    public long InlineBytes { get; init; } = 64L << 20;

    /// <summary>Seconds an HTTP caller waits for a scan; Azure's front end cuts at 230.</summary>
    public int WaitSeconds { get; init; } = 200;

    /// <summary>Seconds a scan may take in all, waited for or not; StackRox gives its scanner ten minutes.</summary>
    public int TimeoutSeconds { get; init; } = 600;

    /// <summary>Layers of one image that are read at the same time.</summary>
    public int ParallelLayers { get; init; } = 2;
}
