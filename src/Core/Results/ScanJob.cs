namespace ImageScan.Core.Results;

/// <summary>A scan that goes over the queue: what was asked, and how far it is.</summary>
public sealed record ScanJob
{
    public required string Id { get; init; }

    /// <summary>The image as the caller wrote it.</summary>
    public required string ImageName { get; init; }

    /// <summary>The platform, <c>os/architecture[/variant]</c>.</summary>
    public required string Platform { get; init; }

    public required bool Force { get; init; }

    public required ScanJobState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Digest under which the result is stored; null until it is done.</summary>
    public string? ResultId { get; init; }

    /// <summary>gRPC status code of the failure; null unless it failed.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The message a waiting caller gets; null unless it failed.</summary>
    public string? ErrorMessage { get; init; }
}

public enum ScanJobState
{
    Queued,
    Running,
    Done,
    Failed,
}
