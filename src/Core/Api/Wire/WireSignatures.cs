using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.ImageSignature</c>.</summary>
public sealed record WireImageSignature
{
    public IReadOnlyList<WireSignature> Signatures { get; init; } = [];

    public DateTimeOffset? Fetched { get; init; }
}

/// <summary><c>storage.Signature</c>; cosign is the only kind there is.</summary>
public sealed record WireSignature
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireCosignSignature? Cosign { get; init; }
}

/// <summary><c>storage.CosignSignature</c>.</summary>
public sealed record WireCosignSignature
{
    public ReadOnlyMemory<byte> RawSignature { get; init; }

    public ReadOnlyMemory<byte> SignaturePayload { get; init; }

    public ReadOnlyMemory<byte> CertPem { get; init; }

    public ReadOnlyMemory<byte> CertChainPem { get; init; }

    [Since(4, 8)]
    public ReadOnlyMemory<byte> RekorBundle { get; init; }

    [Since(4, 12)]
    public CosignSignatureFormat SignatureFormat { get; init; }

    [Since(4, 12)]
    public ReadOnlyMemory<byte> SigstoreBundle { get; init; }
}

/// <summary><c>storage.CosignSignature.SignatureFormat</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<CosignSignatureFormat>))]
public enum CosignSignatureFormat
{
    SignatureFormatUnspecified,
    SimpleSigning,
    DeadSimpleSigningEnvelope,
}

/// <summary><c>storage.ImageSignatureVerificationData</c>.</summary>
public sealed record WireVerification
{
    public IReadOnlyList<WireVerificationResult> Results { get; init; } = [];
}

/// <summary><c>storage.ImageSignatureVerificationResult</c>.</summary>
public sealed record WireVerificationResult
{
    public DateTimeOffset? VerificationTime { get; init; }

    public string VerifierId { get; init; } = "";

    public VerificationStatus Status { get; init; }

    public string Description { get; init; } = "";

    public IReadOnlyList<string> VerifiedImageReferences { get; init; } = [];

    [Since(4, 11)]
    public string VerifierName { get; init; } = "";
}

/// <summary><c>storage.ImageSignatureVerificationResult.Status</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<VerificationStatus>))]
public enum VerificationStatus
{
    Unset,
    Verified,
    FailedVerification,
    InvalidSignatureAlgo,
    CorruptedSignature,
    GenericError,
}
