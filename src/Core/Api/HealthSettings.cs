namespace ImageScan.Core.Api;

/// <summary>When the app counts as ready; section <c>Health</c>.</summary>
public sealed record HealthSettings
{
    /// <summary>How many days old the advisories may be; 0: as old as they like. The starter set has no age.</summary>
    public int AdvisoryDays { get; init; } = 7;
}
