namespace ImageScan.Core.Scans;

/// <summary>This process, as jobs and layers name who works on them.</summary>
internal static class Instance
{
    /// <summary>Unlike every other process, also a later one on the same machine.</summary>
    public static string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..8]}";
}
