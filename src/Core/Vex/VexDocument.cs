namespace ImageScan.Core.Vex;

/// <summary>A document with statements, or a bill of materials that those of others refer to. Every text in it is hostile.</summary>
public sealed record VexDocument
{
    public required VexFormat Format { get; init; }

    /// <summary>What it calls itself: an IRI, a serial number; "" if nothing.</summary>
    public required string Id { get; init; }

    /// <summary>Who wrote it; "" if it does not say.</summary>
    public required string Author { get; init; }

    /// <summary>When it was written; null if it does not say.</summary>
    public required DateTimeOffset? Timestamp { get; init; }

    public required IReadOnlyList<VexStatement> Statements { get; init; }

    /// <summary>The bill of materials that it is as well; null if it is none.</summary>
    public VexBill? Bill { get; init; }
}

/// <summary>What statements of others can refer to.</summary>
/// <param name="Name"><c>SERIAL/VERSION</c> in lower case; "" if it has no serial number.</param>
/// <param name="Subject">What it is about; null if it does not say.</param>
/// <param name="Components">What is in it, by reference.</param>
public sealed record VexBill(string Name, VexComponent? Subject, IReadOnlyDictionary<string, VexComponent> Components)
{
    /// <summary>The reference of the subject; null if it has none.</summary>
    public string? SubjectReference { get; init; }
}

/// <summary>In which form a document is.</summary>
public enum VexFormat
{
    OpenVex,
    CycloneDx,
}
