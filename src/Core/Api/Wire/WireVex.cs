namespace ImageScan.Core.Api.Wire;

/// <summary>A VEX document that acts on answers; our own message.</summary>
public sealed record WireVexDocument
{
    public string Id { get; init; } = "";

    /// <summary>OpenVEX or CycloneDX.</summary>
    public string Format { get; init; } = "";

    /// <summary>What it calls itself; "" if nothing.</summary>
    public string DocumentId { get; init; } = "";

    /// <summary>Who wrote it, as it says; "" if it does not.</summary>
    public string Author { get; init; } = "";

    /// <summary>When it was written, as it says; null if it does not.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    public int Statements { get; init; }

    public DateTimeOffset? Added { get; init; }

    /// <summary>Who added it.</summary>
    public string AddedBy { get; init; } = "";
}

/// <summary>All VEX documents in the order in which they were added; our own message.</summary>
public sealed record WireVexDocuments(IReadOnlyList<WireVexDocument> Documents);
