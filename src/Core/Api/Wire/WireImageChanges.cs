namespace ImageScan.Core.Api.Wire;

/// <summary>Our own: what newer advisories have changed in the findings of an image, newest first.</summary>
public sealed record WireImageChanges
{
    public IReadOnlyList<WireChanges> Changes { get; init; } = [];
}

/// <summary>What one snapshot of advisories changed.</summary>
public sealed record WireChanges
{
    public DateTimeOffset At { get; init; }

    /// <summary>The advisories that were asked before; null if there were none.</summary>
    public WireAdvisories? From { get; init; }

    public WireAdvisories? To { get; init; }

    public IReadOnlyList<WireChangedFinding> Added { get; init; } = [];

    public IReadOnlyList<WireChangedFinding> Removed { get; init; } = [];

    /// <summary>Findings that have a fix now and had none before.</summary>
    public IReadOnlyList<WireChangedFinding> Fixed { get; init; } = [];

    /// <summary>All of them, those that are not listed included.</summary>
    public int Total { get; init; }
}

/// <summary>A snapshot of advisories.</summary>
public sealed record WireAdvisories(string Id, DateTimeOffset BuiltAt, bool IsStarterSet);

/// <summary>A finding that came, went or got a fix.</summary>
public sealed record WireChangedFinding
{
    public string Cve { get; init; } = "";

    public string Component { get; init; } = "";

    public string Version { get; init; } = "";

    public VulnerabilitySeverity Severity { get; init; }

    public string FixedBy { get; init; } = "";
}
