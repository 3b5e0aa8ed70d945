namespace ImageScan.Core.Scans;

/// <summary>A scan came to nothing, and no registry was to blame; the message says why.</summary>
public sealed class ScanException(string message) : Exception(message);

/// <summary>The scan goes on, but its caller has waited long enough; asking again finds the result.</summary>
public sealed class ScanPendingException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
