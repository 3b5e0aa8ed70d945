namespace ImageScan.Core.Results;

/// <summary>A VEX document that was given over the API. Texts are one plain line and bounded, but for its content, which is hostile.</summary>
public sealed record VexUpload
{
    /// <summary>The beginning of the sha256 of its content: the same document again is the same row.</summary>
    public required string Id { get; init; }

    /// <summary>What it calls itself; "" if nothing.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Who wrote it, as it says; "" if it does not.</summary>
    public required string Author { get; init; }

    /// <summary><c>OpenVEX</c> or <c>CycloneDX</c>.</summary>
    public required string Format { get; init; }

    /// <summary>When it was written, as it says; null if it does not.</summary>
    public required DateTimeOffset? Timestamp { get; init; }

    /// <summary>How many statements it has.</summary>
    public required int Statements { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required ExceptionActor AddedBy { get; init; }

    /// <summary>The document itself.</summary>
    public required string Content { get; init; }
}
