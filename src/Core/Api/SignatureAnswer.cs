using ImageScan.Core.Api.Wire;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Api;

/// <summary>The wire form of who signed an image, and of whose signatures are trusted.</summary>
public static class SignatureAnswer
{
    /// <summary>The same image with who signed it.</summary>
    public static WireImage Apply(WireImage image, ImageTrust trust)
    {
        WireImage signed = image with
        {
            Signature = trust.Signature is { } signature
                ? new WireImageSignature { Signatures = [.. signature.Signatures.Select(Of)], Fetched = signature.Fetched }
                : null,
            SignatureVerificationData = trust.Results.Count > 0 ? new WireVerification { Results = [.. trust.Results.Select(Of)] } : null,
        };
        return signed with { Notes = NotesOf(signed) };
    }

    /// <summary>
    /// What an image lacks; it always has metadata and a scan here
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/images/enricher/enricher_impl.go, setImageNotes).
    /// </summary>
    public static IReadOnlyList<ImageNote> NotesOf(WireImage image)
    {
        var notes = new List<ImageNote>();
        if (image.Signature is not { Signatures.Count: > 0 })
        {
            notes.Add(ImageNote.MissingSignature);
        }

        if (image.SignatureVerificationData is not { Results.Count: > 0 })
        {
            notes.Add(ImageNote.MissingSignatureVerificationData);
        }

        return notes;
    }

    /// <summary>An integration.</summary>
    public static WireSignatureIntegration Of(SignatureIntegration integration) => new()
    {
        Id = integration.Id,
        Name = integration.Name,
        Cosign = integration.PublicKeys.Count > 0
            ? new WireCosignKeys([.. integration.PublicKeys.Select(key => new WireCosignKey(key.Name, key.Pem))])
            : null,
        CosignCertificates = [.. integration.Certificates.Select(Of)],
        TransparencyLog = integration.TransparencyLog is var log && log != new TransparencyLog()
            ? new WireTransparencyLog { Enabled = log.IsRequired, Url = log.Url, ValidateOffline = log.IsOffline, PublicKeyPemEnc = log.KeyPem }
            : null,
    };

    private static WireCosignCertificate Of(TrustedCertificate certificate) => new()
    {
        CertificatePemEnc = certificate.CertificatePem,
        CertificateChainPemEnc = certificate.ChainPem,
        CertificateOidcIssuer = certificate.Issuer,
        CertificateIdentity = certificate.Identity,
        CertificateTransparencyLog = certificate.RequiresCertificateLog || certificate.CertificateLogKeyPem.Length > 0
            ? new WireCertificateLog(certificate.RequiresCertificateLog, certificate.CertificateLogKeyPem)
            : null,
    };

    private static WireSignature Of(CosignSignature signature) => new()
    {
        Cosign = new WireCosignSignature
        {
            RawSignature = signature.RawSignature,
            SignaturePayload = signature.Payload,
            CertPem = signature.CertificatePem,
            CertChainPem = signature.ChainPem,
            RekorBundle = signature.RekorBundle,
            SignatureFormat = signature.Format switch
            {
                SignatureFormat.SimpleSigning => CosignSignatureFormat.SimpleSigning,
                SignatureFormat.DeadSimpleSigningEnvelope => CosignSignatureFormat.DeadSimpleSigningEnvelope,
                _ => CosignSignatureFormat.SignatureFormatUnspecified,
            },
            SigstoreBundle = signature.SigstoreBundle,
        },
    };

    private static WireVerificationResult Of(VerificationResult result) => new()
    {
        VerificationTime = result.VerifiedAt,
        VerifierId = result.VerifierId,
        Status = result.Outcome switch
        {
            VerificationOutcome.Verified => VerificationStatus.Verified,
            VerificationOutcome.Failed => VerificationStatus.FailedVerification,
            VerificationOutcome.InvalidAlgorithm => VerificationStatus.InvalidSignatureAlgo,
            VerificationOutcome.Corrupted => VerificationStatus.CorruptedSignature,
            VerificationOutcome.Error => VerificationStatus.GenericError,
            _ => VerificationStatus.Unset,
        },
        Description = result.Description,
        VerifiedImageReferences = result.VerifiedReferences,
        VerifierName = result.VerifierName,
    };
}
