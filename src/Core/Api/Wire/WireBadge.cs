namespace ImageScan.Core.Api.Wire;

/// <summary>Our own: a badge as shields.io reads it from an endpoint (https://shields.io/badges/endpoint-badge).</summary>
public sealed record WireBadge
{
    /// <summary>Always 1.</summary>
    public int SchemaVersion { get; init; } = 1;

    public string Label { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>A colour by its name there.</summary>
    public string Color { get; init; } = "";

    /// <summary>For how long it may be shown without asking again.</summary>
    public int CacheSeconds { get; init; }
}
