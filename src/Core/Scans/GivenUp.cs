using ImageScan.Core.Images;

namespace ImageScan.Core.Scans;

/// <summary>What is said of work whose message was delivered too often.</summary>
internal static class GivenUp
{
    /// <param name="lastReason">Why the last try failed; null if the process ended before it could say.</param>
    /// <param name="kind">What kind of failure that was, if the registry was to blame.</param>
    public static Exception After(string? lastReason, RegistryFailure? kind)
    {
        string message = $"tried several times and given up: {lastReason ?? "the process that worked on it stopped each time"}";
        return kind is { } failure ? new RegistryException(message) { Failure = failure } : new ScanException(message);
    }
}
