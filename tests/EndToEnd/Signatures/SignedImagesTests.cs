using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Signatures;
using ImageScan.EndToEnd.Registry;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Signatures of keys that openssl made, in the reference registry, as they are found and what is said of them.</summary>
public sealed class SignedImagesTests : IAsyncLifetime
{
    private const string Mail = "dev@example.com";
    private const string Issuer = "https://accounts.example.com";
    // An hour on, so that certificates made meanwhile are valid.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow.AddHours(1));
    private OpenSsl _openSsl = null!;
    private DockerRegistry _registry = null!;
    private SignedImages _images = null!;
    private RegistryClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _openSsl = new OpenSsl();
        _registry = await DockerRegistry.StartAsync(Cancellation);
        _images = new SignedImages(_registry.Host, "team/app");
        _client = new RegistryClient([new RegistrySettings { Host = _registry.Host, Insecure = true }], new RegistryClientSettings(), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _images.Dispose();
        await _registry.DisposeAsync();
        _openSsl.Dispose();
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("ED25519")]
    [InlineData("RSA")]
    [InlineData("RSA-PSS")]
    public async Task ASignedImageIsVerifiedByItsKeyOnly(string kind)
    {
        string key = kind switch
        {
            "ED25519" => _openSsl.Key("-algorithm", "ED25519"),
            "RSA" or "RSA-PSS" => _openSsl.Key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
            _ => _openSsl.EcKey(kind),
        };
        string[] options = kind == "RSA-PSS" ? ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"] : [];
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        await _images.AttachAsync(image, Cancellation, SignedBy(key, _images.Payload(image), options));

        VerificationResult mine = await VerifyAsync(image, Trusting(key));
        VerificationResult another = await VerifyAsync(image, Trusting(_openSsl.EcKey()));

        Assert.Equal((VerificationOutcome.Verified, ""), (mine.Outcome, mine.Description));
        Assert.Equal([$"{_images.Repository}:1.0"], mine.VerifiedReferences);
        Assert.Equal((VerificationOutcome.Failed, "1 error occurred:\n\t* verifying signature 1: invalid signature\n\n"), (another.Outcome, another.Description));
    }

    [Fact]
    public async Task AnUnsignedImageHasNoSignature()
    {
        Digest image = await _images.PushImageAsync("unsigned", Cancellation);

        FetchedSignatures found = await FetchAsync(image);

        Assert.Empty(found.Signatures);
        Assert.Empty(found.Problems);
        Assert.Contains(_registry.AccessLog, line => line.Contains($"sha256-{image.Hex}.sig", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATamperedPayloadFails()
    {
        string key = _openSsl.EcKey();
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        Signature signed = SignedBy(key, _images.Payload(await _images.PushImageAsync("other", Cancellation)));
        await _images.AttachAsync(image, Cancellation, signed with { Payload = _images.Payload(image) });

        VerificationResult result = await VerifyAsync(image, Trusting(key));

        Assert.Equal((VerificationOutcome.Failed, "1 error occurred:\n\t* verifying signature 1: invalid signature\n\n"), (result.Outcome, result.Description));
    }

    [Fact]
    public async Task ASignatureOfAnotherImageFails()
    {
        string key = _openSsl.EcKey();
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        Digest other = await _images.PushImageAsync("other", Cancellation);
        await _images.AttachAsync(image, Cancellation, SignedBy(key, _images.Payload(other)));

        VerificationResult result = await VerifyAsync(image, Trusting(key));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Equal($"1 error occurred:\n\t* verifying signature 1: invalid or missing digest in claim: {other}\n\n", result.Description);
    }

    [Fact]
    public async Task AForeignSignatureBesideAGoodOneDoesNoHarm()
    {
        string key = _openSsl.EcKey();
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        await _images.AttachAsync(
            image,
            Cancellation,
            SignedBy(_openSsl.EcKey(), _images.Payload(image)),
            SignedBy(key, _images.Payload(image)),
            new Signature("{}"u8.ToArray(), "!"));

        VerificationResult result = await VerifyAsync(image, Trusting(key));

        Assert.Equal((VerificationOutcome.Verified, ""), (result.Outcome, result.Description));
    }

    [Fact]
    public async Task ASignatureThatCannotBeDecodedIsCorrupted()
    {
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        await _images.AttachAsync(image, Cancellation, new Signature(_images.Payload(image), "not base64"));

        FetchedSignatures found = await FetchAsync(image);
        VerificationResult result = await VerifyAsync(image, Trusting(_openSsl.EcKey()));

        Assert.Contains("is no base64", Assert.Single(found.Problems), StringComparison.Ordinal);
        Assert.Equal(VerificationOutcome.Corrupted, result.Outcome);
    }

    [Theory]
    [InlineData(Mail, Issuer, VerificationOutcome.Verified, "")]
    [InlineData("^dev@example\\.com$", "^https://accounts\\.example\\.com$", VerificationOutcome.Verified, "")]
    [InlineData("ops@example.com", Issuer, VerificationOutcome.Failed, "got subjects [dev@example.com] with issuer https://accounts.example.com")]
    [InlineData(Mail, "https://other.example.com", VerificationOutcome.Failed, "none of the expected identities matched")]
    public async Task ACertificateIsTrustedByAuthorityIdentityAndIssuer(string identity, string issuer, VerificationOutcome expected, string reason)
    {
        (Digest image, SignatureIntegration integration) = await CertifiedAsync(identity, issuer);

        VerificationResult result = await VerifyAsync(image, integration);

        Assert.Equal(expected, result.Outcome);
        Assert.Contains(reason, result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpiredCertificateFails()
    {
        (Digest image, SignatureIntegration integration) = await CertifiedAsync(Mail, Issuer);
        _time.Advance(TimeSpan.FromDays(31));

        VerificationResult result = await VerifyAsync(image, integration);

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains("the certificate is valid from", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABundleIsFoundByTheTagOfReferrers()
    {
        string key = _openSsl.EcKey();
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        string statement =
            $$"""{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"{{image.Hex}}"} }],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""";
        byte[] payload = Encoding.UTF8.GetBytes(statement);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        string signature = Convert.ToBase64String(_openSsl.Sign(key, signed));
        string envelope =
            $$"""{"payload":"{{Convert.ToBase64String(payload)}}","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"{{signature}}"}]}""";
        await _images.ReferAsync(
            image,
            $$"""{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{},"dsseEnvelope":{{envelope}} }""",
            Cancellation);

        VerificationResult mine = await VerifyAsync(image, Trusting(key));
        VerificationResult another = await VerifyAsync(image, Trusting(_openSsl.EcKey()));

        Assert.Equal((VerificationOutcome.Verified, ""), (mine.Outcome, mine.Description));
        Assert.Equal(VerificationOutcome.Failed, another.Outcome);
    }

    private async Task<(Digest Image, SignatureIntegration Integration)> CertifiedAsync(string identity, string issuer)
    {
        (string key, string rootKey) = (_openSsl.EcKey(), _openSsl.EcKey("P-384"));
        string root = _openSsl.Root(rootKey);
        string certificate = _openSsl.Certificate(key, root, rootKey, Mail, Issuer);
        Digest image = await _images.PushImageAsync("1.0", Cancellation);
        await _images.AttachAsync(
            image, Cancellation, SignedBy(key, _images.Payload(image)) with { CertificatePem = await File.ReadAllTextAsync(certificate, Cancellation) });
        var trusted = new TrustedCertificate { ChainPem = await File.ReadAllTextAsync(root, Cancellation), Identity = identity, Issuer = issuer };
        return (image, new SignatureIntegration { Id = "1", Name = "team", Certificates = [trusted] });
    }

    private Signature SignedBy(string key, byte[] payload, params string[] options) =>
        new(payload, Convert.ToBase64String(_openSsl.Sign(key, payload, options)));

    private SignatureIntegration Trusting(string key) => new() { Id = "1", Name = "team", PublicKeys = [new TrustedKey("key", _openSsl.PublicPem(key))] };

    private ImageReference NameOf(string tag) =>
        ImageReference.TryParse($"{_images.Repository}:{tag}", out ImageReference? name, out string? reason) ? name : throw new FormatException(reason);

    private Task<FetchedSignatures> FetchAsync(Digest image) =>
        new SignatureFetcher(_client, new SignatureSettings(), new SignatureLimits(), TimeProvider.System).FetchAsync(NameOf("1.0"), [image], Cancellation);

    private async Task<VerificationResult> VerifyAsync(Digest image, SignatureIntegration integration)
    {
        FetchedSignatures found = await FetchAsync(image);
        using var verifier = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time);
        return await verifier.VerifyAsync(
            integration, new ImageSignature(found.Signatures, _time.GetUtcNow()), [image], [NameOf("1.0")], Cancellation);
    }
}
