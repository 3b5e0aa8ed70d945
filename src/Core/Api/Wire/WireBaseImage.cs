namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.BaseImageInfo</c>.</summary>
public sealed record WireBaseImage
{
    public string BaseImageId { get; init; } = "";

    public string BaseImageFullName { get; init; } = "";

    public string BaseImageDigest { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    public int MaxLayerIndex { get; init; }
}
