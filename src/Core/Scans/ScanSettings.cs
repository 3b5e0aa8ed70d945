namespace ImageScan.Core.Scans;

/// <summary>How scans are run: <c>Scan__InlineBytes</c> and so on.</summary>
public sealed record ScanSettings
{
    /// <summary>Compressed bytes of layers not yet known that one HTTP call reads itself; more go over the queue.</summary>
    public long InlineBytes { get; init; } = 64L << 20;

    /// <summary>Seconds an HTTP caller waits for a scan; Azure's front end cuts at 230.</summary>
    public int WaitSeconds { get; init; } = 200;

    /// <summary>
    /// Seconds a scan may take in all, waited for or not. StackRox gives its scanner ten minutes; here a minute less, so that a scan ends
    /// with its own words before the Functions host ends it at functionTimeout of host.json.
    /// </summary>
    public int TimeoutSeconds { get; init; } = 540;

    /// <summary>Layers of one image that are read at the same time.</summary>
    public int ParallelLayers { get; init; } = 2;

    /// <summary>Layers that one process reads at the same time, of all images; 0 for as many as its memory allows (<see cref="LayerPlaces"/>).</summary>
    public int LayersPerInstance { get; init; }

    /// <summary>Images that one instance reads for its HTTP callers at the same time; further ones go over the queue.</summary>
    public int ParallelScans { get; init; } = 4;

    /// <summary>Images and layers of scans that nobody waits for, as after a push, that one instance reads at the same time.</summary>
    public int BackgroundScans { get; init; } = 1;

    /// <summary>Scans that nobody waits for that one instance begins in a minute; 0 for as many as it has places for.</summary>
    public int BackgroundPerMinute { get; init; }

    /// <summary>Callers of one instance that wait for scans at the same time; further ones are told to come back.</summary>
    public int WaitingCallers { get; init; } = 200;

    /// <summary>
    /// Seconds after its end for which a forced scan answers the next caller who forces the same image, if a caller before had gone away or
    /// been told to come back.
    /// </summary>
    public int ForceReuseSeconds { get; init; } = 120;

    /// <summary>Seconds for which what a process works on may stay unchanged until others take it for dead and take it over.</summary>
    public int LeaseSeconds { get; init; } = 30;

    /// <summary>How often a process shows that it is alive.</summary>
    internal TimeSpan BeatEvery => TimeSpan.FromSeconds(LeaseSeconds) / 6;

    /// <summary>Stored images that one instance matches again in a minute when there are newer advisories; 0 for none until somebody asks for them.</summary>
    public int RematchesPerMinute { get; init; } = 600;
}
