using ImageScan.Core.Results;

namespace ImageScan.Core.Scans;

/// <summary>A scan came to nothing, and no registry was to blame; the message says why.</summary>
public sealed class ScanException(string message) : Exception(message)
{
    /// <summary>The scan has had all the time that a scan may take.</summary>
    public static ScanException TookTooLong(ScanSettings settings) =>
        new($"it took more than {settings.TimeoutSeconds} s and was given up; Scan__TimeoutSeconds allows more");
}

/// <summary>The scan goes on, but its caller has waited long enough; asking again finds the result.</summary>
public sealed class ScanPendingException(string message, TimeSpan retryAfter, ScanJob? job) : Exception(message)
{
    /// <summary>The job as it was last seen; null if the caller's time was over before there was one.</summary>
    public ScanJob? Job { get; } = job;

    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>So many callers wait for scans already that this one is better told to come back.</summary>
public sealed class ScanBusyException(ScanSettings settings, TimeSpan retryAfter) : Exception(
    $"{settings.WaitingCallers} callers wait for scans here already; ask again, or raise Scan__WaitingCallers")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
