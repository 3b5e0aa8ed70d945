using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>v1.ListImagesResponse</c>.</summary>
public sealed record WireListImages
{
    public IReadOnlyList<WireListImage> Images { get; init; } = [];
}

/// <summary><c>storage.ListImage</c>: a row of the list.</summary>
public sealed record WireListImage
{
    public string Id { get; init; } = "";

    /// <summary>The full name.</summary>
    public string Name { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Components { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cves { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FixableCves { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? LastUpdated { get; init; }

    public long Priority { get; init; }

    /// <summary>Our own: when registries no longer had it under any of its names; not there while one has.</summary>
    [Own]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <summary><c>v1.CountImagesResponse</c>.</summary>
public sealed record WireImageCount(int Count);
