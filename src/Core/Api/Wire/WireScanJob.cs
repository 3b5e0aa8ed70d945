using System.Text.Json.Serialization;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api.Wire;

/// <summary>Our own: a scan and how far it is.</summary>
public sealed record WireScanJob
{
    public string Id { get; init; } = "";

    [JsonConverter(typeof(ProtoEnumConverter<ScanJobState>))]
    public ScanJobState State { get; init; }

    /// <summary>The full name of the image.</summary>
    public string ImageName { get; init; } = "";

    /// <summary><c>os/architecture[/variant]</c>; "" for the default.</summary>
    public string Platform { get; init; } = "";

    public bool Force { get; init; }

    /// <summary>The cluster that does it, by name; "" for this deployment.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The id under which the image is found when it is done; "" until then.</summary>
    public string Image { get; init; } = "";

    /// <summary>Where its layers are read; null until that is decided.</summary>
    [JsonConverter(typeof(ProtoEnumConverter<ScanRoute>))]
    public ScanRoute? Route { get; init; }

    /// <summary>Why there, for people; "" until it is decided.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How often somebody began to work on it.</summary>
    public int Attempts { get; init; }

    public IReadOnlyList<WireJobLayer> Layers { get; init; } = [];

    /// <summary>Packages found in its layers so far, also those that layers above hide or replace; left out until one is read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Packages { get; init; }

    /// <summary>What took how long, in the order in which it was done; of an open one the last is what it is at.</summary>
    public IReadOnlyList<WireJobPhase> Phases { get; init; } = [];

    /// <summary>Why it failed, as a caller who waited was told; null unless it has.</summary>
    public WireJobError? Error { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When somebody first worked on it; null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was done or failed; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A layer of the image.</summary>
public sealed record WireJobLayer
{
    public string Digest { get; init; } = "";

    [JsonConverter(typeof(ProtoEnumConverter<JobLayerState>))]
    public JobLayerState State { get; init; }

    /// <summary>Compressed bytes, as the manifest claims them.</summary>
    public long Size { get; init; }

    /// <summary>Compressed bytes read so far.</summary>
    public long BytesRead { get; init; }

    /// <summary>Packages found in it; left out until it is read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Packages { get; init; }

    /// <summary>How often somebody began to read it.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last try failed; "" if none has.</summary>
    public string Error { get; init; } = "";
}

/// <summary>A step of the scan.</summary>
public sealed record WireJobPhase(string Name, long Milliseconds);

/// <summary>Why a scan failed, in the code and words of <see cref="WireError"/>.</summary>
public sealed record WireJobError(int Code, string Message);
