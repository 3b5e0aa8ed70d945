namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.Advisory</c>.</summary>
public sealed record WireAdvisory
{
    public string Name { get; init; } = "";

    public string Link { get; init; } = "";
}
