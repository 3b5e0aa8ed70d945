using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>storage.SignatureIntegration</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/signature_integration.proto; what came later, of
/// the same file in later tags).
/// </summary>
public sealed record WireSignatureIntegration
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public WireCosignKeys? Cosign { get; init; }

    public IReadOnlyList<WireCosignCertificate> CosignCertificates { get; init; } = [];

    [Since(4, 8)]
    public WireTransparencyLog? TransparencyLog { get; init; }

    [Since(4, 9)]
    public WireTraits? Traits { get; init; }
}

/// <summary><c>v1.ListSignatureIntegrationsResponse</c>.</summary>
public sealed record WireSignatureIntegrations(IReadOnlyList<WireSignatureIntegration> Integrations);

/// <summary><c>storage.CosignPublicKeyVerification</c>.</summary>
/// <param name="PublicKeys">The keys, any of which suffices.</param>
public sealed record WireCosignKeys(IReadOnlyList<WireCosignKey> PublicKeys);

/// <summary><c>storage.CosignPublicKeyVerification.PublicKey</c>.</summary>
/// <param name="Name">What the key is called.</param>
/// <param name="PublicKeyPemEnc">The key as PEM of the type PUBLIC KEY, with nothing after it.</param>
public sealed record WireCosignKey(string Name, string PublicKeyPemEnc);

/// <summary><c>storage.CosignCertificateVerification</c>.</summary>
public sealed record WireCosignCertificate
{
    /// <summary>The one certificate that may sign; empty for those that signatures bring along.</summary>
    public string CertificatePemEnc { get; init; } = "";

    /// <summary>The authorities that certificates must come from, the root last; empty for those of the public Sigstore instance.</summary>
    public string CertificateChainPemEnc { get; init; } = "";

    /// <summary>RE2 pattern for the issuer of the signer's identity.</summary>
    public string CertificateOidcIssuer { get; init; } = "";

    /// <summary>RE2 pattern for the signer's identity.</summary>
    public string CertificateIdentity { get; init; } = "";

    /// <summary>Whether certificates must be in a certificate transparency log; null for no.</summary>
    [Since(4, 8)]
    public WireCertificateLog? CertificateTransparencyLog { get; init; }
}

/// <summary><c>storage.CertificateTransparencyLogVerification</c>.</summary>
/// <param name="Enabled">Whether certificates must be in the log.</param>
/// <param name="PublicKeyPemEnc">The log's public key; empty for that of the public Sigstore instance.</param>
public sealed record WireCertificateLog(bool Enabled, string PublicKeyPemEnc);

/// <summary><c>storage.TransparencyLogVerification</c>.</summary>
public sealed record WireTransparencyLog
{
    /// <summary>Whether signatures must be in the log.</summary>
    public bool Enabled { get; init; }

    /// <summary>Where the log may be asked about signatures that bring no proof; empty for the public Sigstore instance.</summary>
    public string Url { get; init; } = "";

    /// <summary>Whether only proofs that signatures bring along count.</summary>
    public bool ValidateOffline { get; init; }

    /// <summary>The log's public key; empty for that of the public Sigstore instance.</summary>
    public string PublicKeyPemEnc { get; init; } = "";
}

/// <summary><c>storage.Traits</c> (https://github.com/stackrox/stackrox/blob/4.9.0/proto/storage/traits.proto).</summary>
public sealed record WireTraits
{
    public MutabilityMode MutabilityMode { get; init; }

    public TraitVisibility Visibility { get; init; }

    public TraitOrigin Origin { get; init; }

    [Since(4, 10)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary><c>storage.Traits.MutabilityMode</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<MutabilityMode>))]
public enum MutabilityMode
{
    AllowMutate,
    AllowMutateForced,
}

/// <summary><c>storage.Traits.Visibility</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<TraitVisibility>))]
public enum TraitVisibility
{
    Visible,
    Hidden,
}

/// <summary><c>storage.Traits.Origin</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<TraitOrigin>))]
public enum TraitOrigin
{
    Imperative,
    Default,
    Declarative,
    DeclarativeOrphaned,
    Ephemeral,
}
