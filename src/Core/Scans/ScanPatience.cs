namespace ImageScan.Core.Scans;

/// <summary>How long a caller waits, and whether it minds where the work is done.</summary>
/// <param name="Wait">How long it waits for the result.</param>
/// <param name="OverQueue">Whether the scan goes over the queue in any case: nobody waits for it here.</param>
public sealed record ScanPatience(TimeSpan Wait, bool OverQueue = false);
