namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The settings <c>Advisories__*</c>.</summary>
public sealed record AdvisorySettings
{
    /// <summary>A snapshot made by <c>imagescan advisories build</c>, to be used whatever is published; null or "" to use what is published.</summary>
    public string? Path { get; init; }

    /// <summary>Whether to use the small set that ships with the app while there is no other.</summary>
    public bool UseStarterSet { get; init; } = true;

    /// <summary>Seconds between two looks for a newly published snapshot.</summary>
    public int PollSeconds { get; init; } = 60;

    /// <summary>Whether to refresh the feeds by the clock and publish what comes of it; null for the head's own way: deployed yes, locally no.</summary>
    public bool? Refresh { get; init; }

    /// <summary>Hours from one refresh to the next.</summary>
    public int RefreshHours { get; init; } = 6;

    /// <summary>
    /// Minutes that a deployed refresh may take; less than functionTimeout of host.json, or the host ends the process, and the scans in it with it.
    /// </summary>
    public int RefreshMinutes { get; init; } = 9;
}
