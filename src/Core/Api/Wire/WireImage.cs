using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>storage.Image</c> of RHACS 4.5, as all messages here: properties stand in the order of the proto file, a fresh message has proto's
/// zero values, and what is null and marked so is a oneof that is not set and leaves no key
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto). What came later is marked by its release.
/// </summary>
public sealed record WireImage
{
    public string Id { get; init; } = "";

    public WireImageName? Name { get; init; }

    public IReadOnlyList<WireImageName> Names { get; init; } = [];

    public WireMetadata? Metadata { get; init; }

    public WireScan? Scan { get; init; }

    public WireVerification? SignatureVerificationData { get; init; }

    public WireImageSignature? Signature { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Components { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cves { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FixableCves { get; init; }

    public DateTimeOffset? LastUpdated { get; init; }

    public bool NotPullable { get; init; }

    public bool IsClusterLocal { get; init; }

    public long Priority { get; init; }

    public float RiskScore { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopCvss { get; init; }

    public IReadOnlyList<ImageNote> Notes { get; init; } = [];

    [Since(4, 10)]
    public IReadOnlyList<WireBaseImage> BaseImageInfo { get; init; } = [];

    /// <summary>Our own: when registries no longer had it under any of its names; not there while one has.</summary>
    [Own]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <summary><c>storage.ImageName</c>.</summary>
public sealed record WireImageName
{
    public string Registry { get; init; } = "";

    public string Remote { get; init; } = "";

    public string Tag { get; init; } = "";

    public string FullName { get; init; } = "";
}

/// <summary><c>storage.Image.Note</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<ImageNote>))]
public enum ImageNote
{
    MissingMetadata,
    MissingScanData,
    MissingSignature,
    MissingSignatureVerificationData,
}
