namespace ImageScan.Core.Storage.Sweeps;

/// <summary>How long a part of a sweep may go on, by the clock of elapsed time; begins with its making.</summary>
public sealed class SweepTime(TimeProvider time, TimeSpan longest)
{
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Whether to stop at the next key; every part looks at one at least, so that each run comes further.</summary>
    public bool IsOver => time.GetElapsedTime(_begun) >= longest;
}
