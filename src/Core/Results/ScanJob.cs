using System.Text.Json.Serialization;
using ImageScan.Core.Images;

namespace ImageScan.Core.Results;

/// <summary>A scan that goes over the queue: what was asked, and how far it is.</summary>
public sealed record ScanJob
{
    public required string Id { get; init; }

    /// <summary>The full name of the image.</summary>
    public required string ImageName { get; init; }

    /// <summary>The platform, <c>os/architecture[/variant]</c>.</summary>
    public required string Platform { get; init; }

    public required bool Force { get; init; }

    public required ScanJobState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was done or failed; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Digest under which the result is stored; null until it is done.</summary>
    public string? ResultId { get; init; }

    /// <summary>Why the last try failed, for the caller who waits; null if none has.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What kind of failure it was if the registry was to blame; null if it was not.</summary>
    public RegistryFailure? RegistryFailure { get; init; }

    /// <summary>Whether somebody works on it or will.</summary>
    [JsonIgnore]
    public bool IsOpen => State is ScanJobState.Queued or ScanJobState.Running;
}

public enum ScanJobState
{
    Queued,
    Running,
    Done,
    Failed,
}
