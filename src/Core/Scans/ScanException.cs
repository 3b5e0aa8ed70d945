namespace ImageScan.Core.Scans;

/// <summary>A scan came to nothing, and no registry was to blame; the message says why.</summary>
public sealed class ScanException(string message) : Exception(message)
{
    /// <summary>The scan has had all the time that a scan may take.</summary>
    public static ScanException TookTooLong(ScanSettings settings) =>
        new($"it took more than {settings.TimeoutSeconds} s and was given up; Scan__TimeoutSeconds allows more");
}

/// <summary>The scan goes on, but its caller has waited long enough; asking again finds the result.</summary>
public sealed class ScanPendingException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
