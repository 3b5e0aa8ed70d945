using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures;
using ImageScan.Core.Signatures.Verification;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Signatures;

/// <summary>What cosign, Fulcio and Rekor have made is verified with the keys that the program brings along.</summary>
public sealed class RealSignaturesTests
{
    // Fulcio's certificate was valid for ten minutes in April 2025.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task VerifiesWhatAKeyHasSigned()
    {
        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(new TrustedKey("theirs", RealSignatures.Key)), RealSignatures.ByKey, RealSignatures.KeyImage);

        Assert.Equal((VerificationOutcome.Verified, ""), (result.Outcome, result.Description));
        Assert.Equal([RealSignatures.KeyImage], result.VerifiedReferences);
    }

    [Theory]
    [InlineData("shesselm@redhat\\.com", "https://github\\.com/login/oauth", true)]
    [InlineData("^shesselm@redhat.com$", "^https://github.com/login/oauth$", true)]
    [InlineData("redhat", "github", true)]
    [InlineData("^shesselm@redhat.co$", "github", false)]
    [InlineData("shesselm@redhat.com", "accounts.google.com", false)]
    [InlineData("somebody", ".*", true)]
    public async Task VerifiesAKeylessSignatureByFulcioRekorAndCertificateLog(string identity, string issuer, bool isTheirs)
    {
        var trusted = new TrustedCertificate { Identity = identity, Issuer = issuer, RequiresCertificateLog = true };
        SignatureIntegration integration = MadeSignatures.Integration(trusted, new TransparencyLog { IsRequired = true, IsOffline = true });

        VerificationResult result = await VerifyAsync(integration, RealSignatures.Keyless, RealSignatures.KeylessImage);

        Assert.Equal(isTheirs ? VerificationOutcome.Verified : VerificationOutcome.Failed, result.Outcome);
        Assert.Equal(isTheirs ? "" : "1 error occurred:\n\t* verifying signature 1: none of the expected identities matched what was in the certificate, "
            + "got subjects [shesselm@redhat.com] with issuer https://github.com/login/oauth\n\n", result.Description);
    }

    [Fact]
    public async Task AKeylessSignatureWithoutItsLogIsExpired()
    {
        SignatureIntegration integration = MadeSignatures.Integration(new TrustedCertificate { Identity = ".*", Issuer = ".*" });

        VerificationResult logged = await VerifyAsync(integration, RealSignatures.Keyless, RealSignatures.KeylessImage);
        VerificationResult alone = await VerifyAsync(integration, RealSignatures.Keyless with { RekorBundle = default }, RealSignatures.KeylessImage);

        Assert.Equal(VerificationOutcome.Verified, logged.Outcome);
        Assert.Equal(VerificationOutcome.Failed, alone.Outcome);
        Assert.Contains("the certificate is valid from 2025-04-03 08:49:40Z to 2025-04-03 08:59:40Z", alone.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"logIndex\":191837454", "\"logIndex\":191837455", "unable to verify SET")]
    [InlineData("\"integratedTime\":1743670181", "\"integratedTime\":1743670182", "unable to verify SET")]
    [InlineData("MEYCIQCZv2HI1dBt", "MEYCIQCZv2HI1dBu", "unable to verify SET")]
    [InlineData("c0d23d6ad406973f", "c0d23d6ad406973e", "rekor log public key not found")]
    public async Task NothingOfALogsWordMayBeChanged(string was, string becomes, string reason)
    {
        string bundle = Encoding.UTF8.GetString(RealSignatures.File("keyless.rekor.json"));
        CosignSignature changed = RealSignatures.Keyless with { RekorBundle = Encoding.UTF8.GetBytes(bundle.Replace(was, becomes, StringComparison.Ordinal)) };
        var log = new TransparencyLog { IsRequired = true, IsOffline = true };

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(new TrustedCertificate { Identity = ".*", Issuer = ".*" }, log), changed, RealSignatures.KeylessImage);

        Assert.NotEqual(bundle, Encoding.UTF8.GetString(changed.RekorBundle.Span));
        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains(reason, result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifiesTheCertificateOfAnAuthorityOfOnesOwn(bool isCertificateGiven)
    {
        string chain = Encoding.ASCII.GetString(RealSignatures.File("own.chain.pem"));
        string certificate = isCertificateGiven ? Encoding.ASCII.GetString(RealSignatures.File("own.crt.pem")) : "";
        var trusted = new TrustedCertificate { CertificatePem = certificate, ChainPem = chain, Identity = ".*", Issuer = ".*" };

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(trusted), RealSignatures.OwnAuthority, RealSignatures.OwnAuthorityImage);

        Assert.Equal((VerificationOutcome.Verified, ""), (result.Outcome, result.Description));
    }

    [Fact]
    public async Task ACertificateOfAnAuthorityOfOnesOwnIsNoneOfFulcios()
    {
        string certificate = Encoding.ASCII.GetString(RealSignatures.File("own.crt.pem"));
        var trusted = new TrustedCertificate { CertificatePem = certificate, Identity = ".*", Issuer = ".*" };

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(trusted), RealSignatures.OwnAuthority, RealSignatures.OwnAuthorityImage);

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains("cert verification failed", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void VerifiesEverythingThatABundleBrings()
    {
        SigstoreBundle bundle = SigstoreBundle.TryRead(RealSignatures.File("attestation.sigstore.json"), new SignatureLimits(), out _)!;
        DecodedSignature decoded = Decoded(bundle);
        var trusted = new TrustedCertificate { Identity = "cody@soyland.com", Issuer = "https://github.com/login/oauth", RequiresCertificateLog = true };
        var fulcio = new CertificateAuthorities(PemBlocks.TryCertificates(PublicSigstore.FulcioPem(), 10)!, []);
        TrustedSigner signer = TrustedSigner.Of(trusted, fulcio, new SignatureLimits());
        (VerifyingKey key, byte[]? certificate) = signer.KeyFor(decoded);

        DateTimeOffset? at = RekorProof.Ensure(bundle.Entries[0], TrustedSigner.Logs("", PublicSigstore.RekorPem()), decoded, key, certificate);

        Assert.True(key.Verifies(decoded.SignedBytes, decoded.Raw));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1740770291), at);
        signer.EnsureTrusted(certificate, decoded, at!.Value, new ChainBuilds(1));
        Assert.NotNull(bundle.Entries[0].Inclusion);
    }

    [Fact]
    public void ABundlesInclusionProofCountsWithoutThePromise()
    {
        SigstoreBundle bundle = SigstoreBundle.TryRead(RealSignatures.File("attestation.sigstore.json"), new SignatureLimits(), out _)!;
        DecodedSignature decoded = Decoded(bundle);
        VerifyingKey key = CertificateKey(bundle);
        IReadOnlyList<VerifyingKey> logs = TrustedSigner.Logs("", PublicSigstore.RekorPem());
        RekorEntry entry = bundle.Entries[0] with { SignedTimestamp = [] };
        RekorInclusion proof = entry.Inclusion!;

        Assert.Null(RekorProof.Ensure(entry, logs, decoded, key, bundle.Certificates[0]));
        Refused(entry with { Inclusion = null }, "brings no proof");
        Refused(entry with { Inclusion = proof with { Index = proof.Index - 1 } }, "inclusion");
        Refused(entry with { Inclusion = proof with { TreeSize = proof.TreeSize + 1 } }, "inclusion");
        Refused(entry with { Inclusion = proof with { Hashes = [.. proof.Hashes.Skip(1)] } }, "inclusion");
        Refused(entry with { Inclusion = proof with { Checkpoint = proof.Checkpoint.Replace("53604735", "53604736", StringComparison.Ordinal) } }, "inclusion");
        Refused(entry with { Inclusion = proof with { Checkpoint = proof.Checkpoint.Replace("rekor.sigstore.dev -", "rekor.sigstore.de -", StringComparison.Ordinal) } }, "inclusion");

        void Refused(RekorEntry changed, string reason) => Assert.Contains(
            reason,
            Assert.Throws<UnverifiedException>(() => RekorProof.Ensure(changed, logs, decoded, key, bundle.Certificates[0])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAttestationIsNoSignature()
    {
        byte[] json = RealSignatures.File("attestation.sigstore.json");
        string digest = JsonDocument.Parse(json).RootElement.GetProperty("mediaType").GetString()!;
        var signature = new CosignSignature { SigstoreBundle = json, Format = SignatureFormat.DeadSimpleSigningEnvelope };

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(new TrustedCertificate { Identity = ".*", Issuer = ".*" }),
            signature,
            "127.0.0.1:60943/repo@sha256:7321122" + "70d7e59418a8c080b134b24cabd67d250d0d0147a97ed95ba5c280aa4");

        Assert.StartsWith(SigstoreBundle.MediaTypePrefix, digest, StringComparison.Ordinal);
        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains("an attestation (https://cosign.sigstore.dev/attestation/v1), not a signature", result.Description, StringComparison.Ordinal);
    }

    private static DecodedSignature Decoded(SigstoreBundle bundle) => new()
    {
        SignedBytes = DeadSimpleSigning.SignedBytes(bundle.PayloadType, bundle.Payload),
        Payload = bundle.Payload,
        Raw = bundle.Signature,
        Claim = new SignedClaim([], null),
        Certificate = bundle.Certificates[0],
        LogEntries = bundle.Entries,
    };

    private static VerifyingKey CertificateKey(SigstoreBundle bundle)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(bundle.Certificates[0]);
        return VerifyingKey.Read(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    private Task<VerificationResult> VerifyAsync(SignatureIntegration integration, CosignSignature signature, string image)
    {
        ImageReference name = RealSignatures.NameOf(image);
        return new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time)
            .VerifyAsync(integration, new ImageSignature([signature], _time.GetUtcNow()), [name.Digest!], [name], TestContext.Current.CancellationToken);
    }
}
