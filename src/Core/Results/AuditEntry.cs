namespace ImageScan.Core.Results;

/// <summary>One change: who asked for it, from where, and what came of it. All texts are one plain line and bounded.</summary>
public sealed record AuditEntry
{
    /// <summary>Names the entry; the log has it, too.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>The stable id of the caller.</summary>
    public required string CallerId { get; init; }

    /// <summary>What people call the caller.</summary>
    public required string Caller { get; init; }

    /// <summary>The address that the request came from; "" if it is not known.</summary>
    public required string Address { get; init; }

    public required string Operation { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query, without what may be a secret.</summary>
    public required string Path { get; init; }

    /// <summary>What the handler says about the change.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The HTTP status; null while it is being done, and for ever if the process died meanwhile.</summary>
    public int? Status { get; init; }

    /// <summary>Why it was not done; "" if it was.</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset? EndedAt { get; init; }
}
