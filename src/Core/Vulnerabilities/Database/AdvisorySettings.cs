namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The settings <c>Advisories__*</c>.</summary>
public sealed record AdvisorySettings
{
    /// <summary>A snapshot made by <c>imagescan advisories build</c>; null or "" to use the starter set.</summary>
    public string? Path { get; init; }

    /// <summary>Whether to use the small set that ships with the app while <see cref="Path"/> is not set.</summary>
    public bool UseStarterSet { get; init; } = true;
}
