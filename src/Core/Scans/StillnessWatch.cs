namespace ImageScan.Core.Scans;

/// <summary>
/// Notices that what a process holds has not changed for <see cref="ScanSettings.LeaseSeconds"/>, by the clock of elapsed time of whoever looks:
/// no two clocks have to agree, and none has to be right.
/// </summary>
internal sealed class StillnessWatch(ScanSettings settings, TimeProvider time)
{
    private string? _seen;
    private long _since;

    /// <summary>Takes what is there now, by a text that changes with it; whether it has been so for too long.</summary>
    public bool IsStill(string version)
    {
        if (version != _seen)
        {
            _seen = version;
            _since = time.GetTimestamp();
        }

        return time.GetElapsedTime(_since) >= TimeSpan.FromSeconds(settings.LeaseSeconds);
    }
}
