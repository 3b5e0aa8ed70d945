namespace ImageScan.Core.Storage.Sweeps;

/// <summary>How old things must be to count as left over.</summary>
internal static class SweepAges
{
    /// <summary>What belongs to a scan that has not ended: longer than any scan takes, and than it may lie in a queue on a bad day.</summary>
    public static readonly TimeSpan Unfinished = TimeSpan.FromDays(1);

    /// <summary>Contents without a commit row, and blobs: longer than their writing can take.</summary>
    public static readonly TimeSpan Unwritten = TimeSpan.FromHours(1);
}
