using System.Text.Json.Serialization;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>One platform's image, read, matched and saved: everything an answer is written from.</summary>
public sealed record Scan
{
    /// <summary>What it is stored under: the platform manifest's digest, or the configuration's for an archive that has no manifest.</summary>
    public required Digest Id { get; init; }

    public required Platform Platform { get; init; }

    public required ImageManifest Manifest { get; init; }

    public required ImageConfig Config { get; init; }

    public required ImageInventory Inventory { get; init; }

    public required MatchOutcome Match { get; init; }

    /// <summary>The detectors that read its layers; with newer ones the image is read again.</summary>
    public required string DetectorsVersion { get; init; }

    /// <summary>Every name under which a registry has answered with this image, ordered by full name.</summary>
    public required IReadOnlyList<ImageReference> Names { get; init; }

    /// <summary>When the findings were last worked out: a re-match moves it too.</summary>
    public required DateTimeOffset ScannedAt { get; init; }

    /// <summary>The cluster that read it, by name; "" for this deployment.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Which integration read it; null for what was read without one, and before there were any.</summary>
    public ImageOrigin? ReadFrom { get; init; }

    /// <summary>When it was last saved; null before that.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>When it was last scanned or asked for, to a day; null before it is saved.</summary>
    [JsonIgnore]
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Those of its names, in full, of which registries have said that they are gone.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> GoneNames { get; init; } = [];

    /// <summary>When the last of its names was gone; null while it has one.</summary>
    [JsonIgnore]
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>When each CVE was first seen in this image, by CVE.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> FirstInImage { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>When each CVE was first seen in any image of the same operating system, by CVE.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> FirstInSystem { get; init; } = new Dictionary<string, DateTimeOffset>();
}
