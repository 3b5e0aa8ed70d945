namespace ImageScan.Core.Policies;

/// <summary>What policies look at in an image. What somebody has decided not to see is not among it.</summary>
public sealed record JudgedImage
{
    /// <summary>The host; "" if the image has no name.</summary>
    public string Registry { get; init; } = "";

    public string Remote { get; init; } = "";

    /// <summary>The tag; "" if the name has a digest alone.</summary>
    public string Tag { get; init; } = "";

    public string FullName { get; init; } = "";

    /// <summary>What its configuration says; null if that is not known.</summary>
    public JudgedConfig? Config { get; init; }

    /// <summary>What was found in it; null if it was not scanned.</summary>
    public JudgedScan? Scan { get; init; }

    /// <summary>The integrations by which a signature was verified for <see cref="FullName"/>, by id.</summary>
    public IReadOnlyList<string> VerifiedBy { get; init; } = [];

    /// <summary>Whether anybody's signatures are trusted at all.</summary>
    public bool HasSignatureIntegrations { get; init; }
}

/// <summary>What an image says of itself.</summary>
public sealed record JudgedConfig
{
    public required DateTimeOffset? Created { get; init; }

    public required string User { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>How it was made: instruction and the rest of each line.</summary>
    public required IReadOnlyList<(string Instruction, string Value)> Lines { get; init; }
}

/// <summary>What was found in an image.</summary>
public sealed record JudgedScan
{
    public required DateTimeOffset? ScannedAt { get; init; }

    /// <summary>As answers write it: <c>debian:12</c>.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>What the scan says of its own gaps, in proto's names: <c>OS_CVES_STALE</c>.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<JudgedComponent> Components { get; init; }
}

/// <summary>A component of an image.</summary>
public sealed record JudgedComponent
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>
    /// Of each package that the component stands for, by its SPDX id or expression where it has one: packages of several kinds may share a name and a
    /// version, and none hides what another is under. Empty if none is known.
    /// </summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    public IReadOnlyList<JudgedVulnerability> Vulnerabilities { get; init; } = [];
}

/// <summary>A vulnerability of a component.</summary>
public sealed record JudgedVulnerability
{
    public required string Cve { get; init; }

    public float Cvss { get; init; }

    public JudgedSeverity Severity { get; init; }

    /// <summary>The version that mends it; "" if there is none.</summary>
    public string FixedBy { get; init; } = "";

    public DateTimeOffset? FirstInImage { get; init; }

    public DateTimeOffset? FirstInSystem { get; init; }
}

/// <summary><c>storage.VulnerabilitySeverity</c> in short, as policies write it.</summary>
public enum JudgedSeverity
{
    Unknown,
    Low,
    Moderate,
    Important,
    Critical,
}
