namespace ImageScan.Core.Vex;

/// <summary>What one statement of a VEX document says about one vulnerability. Every text in it is hostile.</summary>
public sealed record VexStatement
{
    /// <summary>The names of the vulnerability: its id, then its aliases.</summary>
    public required IReadOnlyList<string> Vulnerabilities { get; init; }

    public required VexStatus Status { get; init; }

    /// <summary>Why it is so, in the words of the document's format; null if it does not say.</summary>
    public string? Justification { get; init; }

    /// <summary>What people are told; "" if nothing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>When it was known to be true: of several about the same the latest counts.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What it is about: it applies where one of them does.</summary>
    public required IReadOnlyList<VexProduct> Products { get; init; }
}

/// <summary>A product, and what in it the statement is about.</summary>
/// <param name="Component">The product: an image, or a package in it.</param>
/// <param name="Subcomponents">The packages of the product that are meant; empty for the product as a whole.</param>
public sealed record VexProduct(VexComponent Component, IReadOnlyList<VexComponent> Subcomponents);

/// <summary>Software as a statement names it: each of the names suffices, and none means nothing at all.</summary>
/// <param name="Purls">By package URL.</param>
/// <param name="Sha256">By the sha256 of an image's manifest, in hexadecimal digits; null if it is not given.</param>
public sealed record VexComponent(IReadOnlyList<PackageUrlPattern> Purls, string? Sha256)
{
    /// <summary>Software that we know nothing of, such as another kind of identifier.</summary>
    public static VexComponent Unknown { get; } = new([], null);

    /// <summary>The versions that are meant, whatever the package URL says beside them; null for those of the package URL.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>Where else it is described; null if it is described here.</summary>
    public BillLink? Link { get; init; }
}

/// <summary>A thing in a bill of materials, <c>urn:cdx:SERIAL/VERSION#REFERENCE</c> (https://cyclonedx.org/capabilities/bomlink/).</summary>
/// <param name="Bill"><c>SERIAL/VERSION</c>, in lower case.</param>
/// <param name="Reference">The thing; "" for what the bill is about.</param>
public sealed record BillLink(string Bill, string Reference);

/// <summary>What a vulnerability is to a product.</summary>
public enum VexStatus
{
    /// <summary>It is affected.</summary>
    Affected,

    /// <summary>Nobody knows yet.</summary>
    UnderInvestigation,

    /// <summary>It is not affected.</summary>
    NotAffected,

    /// <summary>It was wrongly said to have it; CycloneDX alone tells this apart.</summary>
    FalsePositive,

    /// <summary>It is mended.</summary>
    Fixed,
}
