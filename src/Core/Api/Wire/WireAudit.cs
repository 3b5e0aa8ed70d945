namespace ImageScan.Core.Api.Wire;

/// <summary>One change and who asked for it; our own message.</summary>
public sealed record WireAuditEntry
{
    public string Id { get; init; } = "";

    public DateTimeOffset? Begun { get; init; }

    /// <summary>Null while it is being done, and for ever if the process died meanwhile.</summary>
    public DateTimeOffset? Ended { get; init; }

    public string CallerId { get; init; } = "";

    public string Caller { get; init; } = "";

    public string Address { get; init; } = "";

    public string Operation { get; init; } = "";

    public string Method { get; init; } = "";

    public string Path { get; init; } = "";

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The HTTP status; 0 as long as it has not ended.</summary>
    public int Status { get; init; }

    /// <summary>Why it was not done; "" if it was.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>A page of changes, newest first; our own message.</summary>
/// <param name="Entries">The changes.</param>
/// <param name="NextPageToken">What to send as <c>pageToken</c> for the next page; "" after the last.</param>
public sealed record WireAuditPage(IReadOnlyList<WireAuditEntry> Entries, string NextPageToken);
