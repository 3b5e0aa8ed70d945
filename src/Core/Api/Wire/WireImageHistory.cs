using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

// GET /v1/images/{id}/history, with ?platform= as the image itself:
//
// {"points":[{"at":"2026-03-02T06:00:00Z","advisories":{"id":"…","builtAt":"…","isStarterSet":false},
//             "counts":{"total":12,"fixable":7,"critical":1,"important":3,"moderate":4,"low":4,"unknown":0},
//             "before":{"total":11, …}}, …],
//  "images":[{"id":"sha256:…","name":"docker.io/library/nginx:1.27","created":"…","scannedAt":"…","counts":{…}}, …]}

/// <summary>Our own: how many findings an image had over time, and other images that have or had one of its names.</summary>
public sealed record WireImageHistory
{
    /// <summary>
    /// Newest first, at most 101: how it is now, and what each snapshot of advisories had made of it before. Findings that are suppressed count.
    /// </summary>
    public IReadOnlyList<WireHistoryPoint> Points { get; init; } = [];

    /// <summary>
    /// The images that have or had one of its first three names, this one included, as they are now; newest first, at most ten.
    /// </summary>
    public IReadOnlyList<WireHistoryImage> Images { get; init; } = [];
}

/// <summary>How many findings an image had from then on.</summary>
public sealed record WireHistoryPoint
{
    public DateTimeOffset At { get; init; }

    /// <summary>The advisories that were asked; null if there were none.</summary>
    public WireAdvisories? Advisories { get; init; }

    public WireFindingCounts Counts { get; init; } = new();

    /// <summary>How many it had until then; left out where nothing had changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireFindingCounts? Before { get; init; }
}

/// <summary>An image that has or had one of the names.</summary>
public sealed record WireHistoryImage
{
    public string Id { get; init; } = "";

    /// <summary>The full name that both have.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was made; null if it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When its findings were last worked out.</summary>
    public DateTimeOffset? ScannedAt { get; init; }

    public WireFindingCounts Counts { get; init; } = new();
}

/// <summary>Findings by severity: a CVE of a component counts once.</summary>
public sealed record WireFindingCounts
{
    public int Total { get; init; }

    /// <summary>Those that a version mends.</summary>
    public int Fixable { get; init; }

    public int Critical { get; init; }

    public int Important { get; init; }

    public int Moderate { get; init; }

    public int Low { get; init; }

    public int Unknown { get; init; }
}
