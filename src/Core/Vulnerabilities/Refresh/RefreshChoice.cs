namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>What a single run does otherwise than the settings say.</summary>
public sealed record RefreshChoice
{
    /// <summary>By the settings alone.</summary>
    public static RefreshChoice BySettings { get; } = new();

    /// <summary>Names of the only feeds to read and to build from, be they on or off; null for all that are on.</summary>
    public IReadOnlyList<string>? Feeds { get; init; }

    /// <summary>Names of feeds that may lose more than half of their records.</summary>
    public IReadOnlyList<string> AcceptShrink { get; init; } = [];
}
