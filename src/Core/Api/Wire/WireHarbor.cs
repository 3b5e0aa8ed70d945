using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

// Harbor's scanner adapter, as
// https://github.com/goharbor/pluggable-scanner-spec/blob/main/api/spec/scanner-adapter-openapi-v1.2.yaml has it.

/// <summary>Which scanner this is, and what it can do.</summary>
public sealed record WireHarborMetadata
{
    public WireHarborScanner Scanner { get; init; } = new();

    public IReadOnlyList<WireHarborCapability> Capabilities { get; init; } = [];

    /// <summary>What else is to be said of it, by name.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}

/// <summary>A scanner.</summary>
public sealed record WireHarborScanner
{
    public string Name { get; init; } = "";

    public string Vendor { get; init; } = "";

    public string Version { get; init; } = "";
}

/// <summary>What a scanner makes of what.</summary>
public sealed record WireHarborCapability
{
    /// <summary><c>vulnerability</c> or <c>sbom</c>.</summary>
    public string Type { get; init; } = "";

    [JsonPropertyName("consumes_mime_types")]
    public IReadOnlyList<string> ConsumesMimeTypes { get; init; } = [];

    [JsonPropertyName("produces_mime_types")]
    public IReadOnlyList<string> ProducesMimeTypes { get; init; } = [];

    [JsonPropertyName("additional_attributes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireHarborSbomFormats? AdditionalAttributes { get; init; }
}

/// <summary>The formats of bills of materials.</summary>
public sealed record WireHarborSbomFormats
{
    [JsonPropertyName("sbom_media_types")]
    public IReadOnlyList<string> SbomMediaTypes { get; init; } = [];
}

/// <summary>A scan that has begun.</summary>
/// <param name="Id">What its report is asked for by.</param>
public sealed record WireHarborScanResponse(string Id);

/// <summary>An artifact of Harbor's.</summary>
public sealed record WireHarborArtifact
{
    public string Repository { get; init; } = "";

    public string Digest { get; init; } = "";
}

/// <summary>The vulnerabilities of an artifact.</summary>
public sealed record WireHarborReport
{
    [JsonPropertyName("generated_at")]
    public DateTimeOffset GeneratedAt { get; init; }

    public WireHarborArtifact Artifact { get; init; } = new();

    public WireHarborScanner Scanner { get; init; } = new();

    /// <summary>The worst of them; <c>None</c> if there is none.</summary>
    public string Severity { get; init; } = "";

    public IReadOnlyList<WireHarborVulnerability> Vulnerabilities { get; init; } = [];

    /// <summary>An addition: what keeps the report from being whole.</summary>
    [JsonPropertyName("vendor_attributes")]
    public WireHarborCaveats VendorAttributes { get; init; } = new();
}

/// <summary>What keeps a report from being whole.</summary>
public sealed record WireHarborCaveats
{
    /// <summary>The notes of the scan, as in other answers.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What could not be read or told, a sentence each; the first hundred.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How many vulnerabilities are left out because somebody has decided so.</summary>
    public int Suppressed { get; init; }

    /// <summary>The operating system, as in other answers; "" for one that is not known.</summary>
    [JsonPropertyName("operating_system")]
    public string OperatingSystem { get; init; } = "";

    /// <summary>Which advisories were asked, and how old they are.</summary>
    public string Advisories { get; init; } = "";
}

/// <summary>One vulnerability of one package.</summary>
public sealed record WireHarborVulnerability
{
    public string Id { get; init; } = "";

    public string Package { get; init; } = "";

    public string Version { get; init; } = "";

    [JsonPropertyName("fix_version")]
    public string FixVersion { get; init; } = "";

    /// <summary><c>Unknown</c>, <c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</summary>
    public string Severity { get; init; } = "";

    /// <summary>An addition that Harbor shows: whether it is mended, or going to be.</summary>
    public string Status { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Links { get; init; } = [];

    [JsonPropertyName("preferred_cvss"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireHarborCvss? PreferredCvss { get; init; }

    [JsonPropertyName("vendor_attributes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireHarborAttributes? VendorAttributes { get; init; }
}

/// <summary>The scores that a vulnerability shows.</summary>
public sealed record WireHarborCvss
{
    [JsonPropertyName("score_v3"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? ScoreV3 { get; init; }

    [JsonPropertyName("score_v2"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? ScoreV2 { get; init; }

    [JsonPropertyName("vector_v3")]
    public string VectorV3 { get; init; } = "";

    [JsonPropertyName("vector_v2")]
    public string VectorV2 { get; init; } = "";
}

/// <summary>What else is known of a vulnerability.</summary>
public sealed record WireHarborAttributes
{
    /// <summary>All its scores by their source, <c>nvd</c>, <c>redhat</c>, <c>osv</c> or <c>other</c>, in the form of Harbor's own scanner.</summary>
    [JsonPropertyName("CVSS")]
    public IReadOnlyDictionary<string, WireHarborScore> Cvss { get; init; } = new Dictionary<string, WireHarborScore>();

    /// <summary>How likely it is to be exploited within 30 days; missing if nobody says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireHarborEpss? Epss { get; init; }

    /// <summary>Whether it is known to be exploited (CISA's catalogue).</summary>
    [JsonPropertyName("known_exploited")]
    public bool KnownExploited { get; init; }

    /// <summary>Where the package lies.</summary>
    public string Path { get; init; } = "";
}

/// <summary>A score of one source.</summary>
public sealed record WireHarborScore
{
    [JsonPropertyName("V2Vector"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? V2Vector { get; init; }

    [JsonPropertyName("V3Vector"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? V3Vector { get; init; }

    [JsonPropertyName("V2Score"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? V2Score { get; init; }

    [JsonPropertyName("V3Score"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? V3Score { get; init; }
}

/// <summary>Of <c>https://www.first.org/epss/</c>.</summary>
public sealed record WireHarborEpss
{
    public float Probability { get; init; }

    public float Percentile { get; init; }
}

/// <summary>An error as Harbor reads it.</summary>
/// <param name="Error">The error.</param>
public sealed record WireHarborFailure(WireHarborError Error);

/// <summary>What an error says.</summary>
public sealed record WireHarborError(string Message);
