using ImageScan.Core.Api.Wire;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Signatures;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>storage.SignatureIntegration</c> as a request. Fields of later releases are read at any level
/// (https://github.com/stackrox/stackrox/blob/4.9.0/proto/storage/signature_integration.proto).
/// </summary>
/// <param name="Id">Its id; none for a new one. Of one that is there the id in the path counts.</param>
/// <param name="Name">What it is called; no two have the same name.</param>
/// <param name="Cosign">Keys whose signatures are trusted; null if there are none.</param>
/// <param name="CosignCertificates">Certificates whose signatures are trusted.</param>
/// <param name="TransparencyLog">Whether signatures must be in a transparency log; null for no.</param>
/// <param name="Traits">Refused: only what comes with StackRox has them.</param>
public sealed record SignatureIntegrationRequest(
    string Id,
    string Name,
    WireCosignKeys? Cosign,
    IReadOnlyList<WireCosignCertificate> CosignCertificates,
    WireTransparencyLog? TransparencyLog,
    WireTraits? Traits)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<SignatureIntegrationRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new SignatureIntegrationRequest(
            body.Text("id"),
            body.Text("name"),
            body.Message("cosign") is { } cosign
                ? new WireCosignKeys([.. cosign.Messages("publicKeys").Select(key => new WireCosignKey(key.Text("name"), key.Text("publicKeyPemEnc")))])
                : null,
            [.. body.Messages("cosignCertificates").Select(CertificateOf)],
            body.Message("transparencyLog") is { } log ? LogOf(log) : null,
            body.Message("traits") is { } traits ? TraitsOf(traits) : null);
    }

    /// <summary>What it asks for. Throws <see cref="SignatureIntegrationRefusedException"/> for traits, which nobody may set.</summary>
    internal SignatureIntegration ToIntegration() => Traits switch
    {
        { Origin: TraitOrigin.Default } => throw new SignatureIntegrationRefusedException(
            SignatureIntegrationRefusal.Invalid, "built-in signature integrations cannot be created or modified: invalid arguments"),
        not null => throw new SignatureIntegrationRefusedException(
            SignatureIntegrationRefusal.Invalid, "user-provided traits are not supported: invalid arguments"),
        null => new SignatureIntegration
        {
            Id = Id,
            Name = Name,
            PublicKeys = [.. (Cosign?.PublicKeys ?? []).Select(key => new TrustedKey(key.Name, key.PublicKeyPemEnc))],
            Certificates = [.. CosignCertificates.Select(TrustedOf)],
            TransparencyLog = TransparencyLog is { } log
                ? new TransparencyLog { IsRequired = log.Enabled, Url = log.Url, IsOffline = log.ValidateOffline, KeyPem = log.PublicKeyPemEnc }
                : new TransparencyLog(),
        },
    };

    private static WireCosignCertificate CertificateOf(RequestBody body) => new()
    {
        CertificatePemEnc = body.Text("certificatePemEnc"),
        CertificateChainPemEnc = body.Text("certificateChainPemEnc"),
        CertificateOidcIssuer = body.Text("certificateOidcIssuer"),
        CertificateIdentity = body.Text("certificateIdentity"),
        CertificateTransparencyLog = body.Message("certificateTransparencyLog") is { } log
            ? new WireCertificateLog(log.Flag("enabled"), log.Text("publicKeyPemEnc"))
            : null,
    };

    private static WireTransparencyLog LogOf(RequestBody body) => new()
    {
        Enabled = body.Flag("enabled"),
        Url = body.Text("url"),
        ValidateOffline = body.Flag("validateOffline"),
        PublicKeyPemEnc = body.Text("publicKeyPemEnc"),
    };

    private static WireTraits TraitsOf(RequestBody body) => new()
    {
        MutabilityMode = body.Choice<MutabilityMode>("mutabilityMode", "storage.Traits_MutabilityMode"),
        Visibility = body.Choice<TraitVisibility>("visibility", "storage.Traits_Visibility"),
        Origin = body.Choice<TraitOrigin>("origin", "storage.Traits_Origin"),
        ExpiresAt = body.Moment("expiresAt"),
    };

    private static TrustedCertificate TrustedOf(WireCosignCertificate certificate) => new()
    {
        CertificatePem = certificate.CertificatePemEnc,
        ChainPem = certificate.CertificateChainPemEnc,
        Issuer = certificate.CertificateOidcIssuer,
        Identity = certificate.CertificateIdentity,
        RequiresCertificateLog = certificate.CertificateTransparencyLog?.Enabled ?? false,
        CertificateLogKeyPem = certificate.CertificateTransparencyLog?.PublicKeyPemEnc ?? "",
    };
}
