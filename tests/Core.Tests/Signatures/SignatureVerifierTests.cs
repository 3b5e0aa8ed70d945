using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Signatures;

public sealed class SignatureVerifierTests : IDisposable
{
    private static readonly TrustedCertificate Anybody = new() { Identity = ".*", Issuer = ".*" };
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly X509Certificate2 _root;
    private readonly FakeTimeProvider _time = new(MadeSignatures.Now);

    public SignatureVerifierTests() => _root = MadeSignatures.Root(_rootKey);

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        _rootKey.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task OneGoodSignatureBesideAStrangersSuffices()
    {
        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_other), MadeSignatures.Trusted(_key)),
            MadeSignatures.Sign(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
            MadeSignatures.Sign(_key));

        Assert.Equal((VerificationOutcome.Verified, ""), (result.Outcome, result.Description));
        Assert.Equal(["registry.example.com/team/app:1.0"], result.VerifiedReferences);
        Assert.Equal(MadeSignatures.Now, result.VerifiedAt);
        Assert.Equal(("io.stackrox.signatureintegration.1", "team"), (result.VerifierId, result.VerifierName));
    }

    [Fact]
    public async Task EveryWrongPairIsSaid()
    {
        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_other), MadeSignatures.Trusted(_key)),
            MadeSignatures.Sign(ECDsa.Create(ECCurve.NamedCurves.nistP256)));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Equal(
            "2 errors occurred:\n\t* verifying signature 1: invalid signature\n\t* verifying signature 1: invalid signature\n\n", result.Description);
    }

    [Fact]
    public async Task ATamperedPayloadIsNotVerified()
    {
        CosignSignature signature = MadeSignatures.Sign(_key);
        byte[] payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signature.Payload.Span).Replace("null", "{}", StringComparison.Ordinal));

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(MadeSignatures.Trusted(_key)), signature with { Payload = payload });

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
    }

    [Theory]
    [InlineData("registry.example.com/team/app", "", "no verified references")]
    [InlineData("registry.example.com/team/other", null, "no verified references")]
    [InlineData("registry.example.com/team/app:1.0", null, "no verified references")]
    [InlineData("registry.example.com/team/app:2.0", null, "no verified references")]
    [InlineData("registry.example.com/team/app@sha256:0000000000000000000000000000000000000000000000000000000000000000", null, "no verified references")]
    [InlineData("team/app", null, "no verified references")]
    [InlineData("registry.example.com/team/app", "sha256:0000000000000000000000000000000000000000000000000000000000000000", "invalid or missing digest in claim: sha256:0")]
    [InlineData("", null, "no verified references")]
    public async Task ASignatureSpeaksForItsDigestAndNameOnly(string reference, string? digest, string reason)
    {
        byte[] payload = MadeSignatures.SimpleSigning(reference, digest ?? MadeSignatures.Image.ToString());

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(MadeSignatures.Trusted(_key)), MadeSignatures.Sign(_key, payload));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains(digest == "" ? "invalid or missing digest in claim" : reason, result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.docker.io/library/nginx")]
    [InlineData("docker.io/library/nginx")]
    public async Task DockerHubIsOneRegistryUnderBothItsNames(string reference)
    {
        byte[] payload = MadeSignatures.SimpleSigning(reference, MadeSignatures.Image.ToString());
        ImageReference[] names = [.. new[] { "nginx:2", "registry.example.com/library/nginx:1", "nginx:1" }.Select(RealSignatures.NameOf)];

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)), [MadeSignatures.Sign(_key, payload)], [MadeSignatures.Image], names);

        Assert.Equal(["docker.io/library/nginx:1", "docker.io/library/nginx:2"], result.VerifiedReferences);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("index.docker.io/nginx")]
    [InlineData("registry-1.docker.io/library/nginx")]
    [InlineData("docker.io/library/nginx:1")]
    public async Task DockerHubHasNoOtherNames(string reference)
    {
        byte[] payload = MadeSignatures.SimpleSigning(reference, MadeSignatures.Image.ToString());

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)),
            [MadeSignatures.Sign(_key, payload)],
            [MadeSignatures.Image],
            [RealSignatures.NameOf("nginx:1")]);

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
    }

    [Fact]
    public async Task ASignedIndexSignsItsImages()
    {
        Digest index = Digest.OfBytes("the index"u8);
        byte[] payload = MadeSignatures.SimpleSigning(MadeSignatures.Repository, index.ToString());

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)), [MadeSignatures.Sign(_key, payload)], [MadeSignatures.Image, index], [MadeSignatures.Name]);

        Assert.Equal(VerificationOutcome.Verified, result.Outcome);
    }

    [Fact]
    public async Task AnIntegrationWithoutKeysVerifiesNothing()
    {
        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(), MadeSignatures.Sign(_key));

        Assert.Equal((VerificationOutcome.Failed, "verification data not found"), (result.Outcome, result.Description));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public async Task AKeyThatIsNoneIsTheIntegrationsError(string pem)
    {
        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(new TrustedKey("mine", pem)), MadeSignatures.Sign(_key));

        Assert.Equal(VerificationOutcome.Error, result.Outcome);
        Assert.Contains("\"mine\"", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutADigestNothingCanBeSaid()
    {
        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)), [MadeSignatures.Sign(_key)], [], [MadeSignatures.Name]);

        Assert.Equal((VerificationOutcome.Error, "no image SHA found"), (result.Outcome, result.Description));
    }

    [Fact]
    public async Task ADigestOfAnotherAlgorithmIsAnInvalidAlgorithm()
    {
        var sha512 = Digest.Parse($"sha512:{new string('a', 128)}");

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)), [MadeSignatures.Sign(_key)], [sha512], [MadeSignatures.Name]);

        Assert.Equal(VerificationOutcome.InvalidAlgorithm, result.Outcome);
        Assert.Equal("invalid hashing algorithm sha512 used, only SHA256 is supported", result.Description);
    }

    [Fact]
    public async Task ACurveThatIsNotSupportedIsAnInvalidAlgorithm()
    {
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(MadeSignatures.Trusted(brainpool)), MadeSignatures.Sign(brainpool));

        Assert.Equal(VerificationOutcome.InvalidAlgorithm, result.Outcome);
        Assert.Contains("only P-256, P-384 and P-521", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AShortRsaKeyIsAnInvalidAlgorithm()
    {
        using var rsa = RSA.Create(1024);

        VerificationResult result = await VerifyAsync(
            MadeSignatures.Integration(new TrustedKey("old", rsa.ExportSubjectPublicKeyInfoPem())), MadeSignatures.Sign(_key));

        Assert.Equal(VerificationOutcome.InvalidAlgorithm, result.Outcome);
    }

    [Theory]
    [InlineData("P384")]
    [InlineData("P521")]
    [InlineData("RSA")]
    [InlineData("PSS")]
    public async Task VerifiesEveryKindOfKey(string kind)
    {
        byte[] payload = MadeSignatures.SimpleSigning(MadeSignatures.Repository, MadeSignatures.Image.ToString());
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(kind == "P521" ? ECCurve.NamedCurves.nistP521 : ECCurve.NamedCurves.nistP384);
        (string pem, byte[] raw) = kind switch
        {
            "RSA" => (rsa.ExportSubjectPublicKeyInfoPem(), rsa.SignData(payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            "PSS" => (rsa.ExportSubjectPublicKeyInfoPem(), rsa.SignData(payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            _ => (ec.ExportSubjectPublicKeyInfoPem(), MadeSignatures.SignatureOf(ec, payload)),
        };
        SignatureIntegration integration = MadeSignatures.Integration(new TrustedKey("k", pem));
        CosignSignature signature = MadeSignatures.Sign(_key) with { RawSignature = raw };
        byte[] broken = [.. raw];
        broken[^1] ^= 1;

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(integration, signature)).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, signature with { RawSignature = broken })).Outcome);
    }

    [Fact]
    public async Task ACorruptedSignatureIsSaidWhereThereIsNoOther()
    {
        SignatureIntegration integration = MadeSignatures.Integration(MadeSignatures.Trusted(_key));
        var corrupted = new CosignSignature { RawSignature = "not base64!"u8.ToArray() };

        Assert.Equal(VerificationOutcome.Corrupted, (await VerifyAsync(integration, corrupted)).Outcome);
        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(integration, corrupted, MadeSignatures.Sign(_key))).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, corrupted, MadeSignatures.Sign(_other))).Outcome);
        Assert.Equal(VerificationOutcome.Corrupted, (await VerifyAsync(integration, MadeSignatures.Sign(_key, "{"u8.ToArray()))).Outcome);
        Assert.Equal(
            VerificationOutcome.Corrupted, (await VerifyAsync(integration, MadeSignatures.Sign(_key) with { CertificatePem = "soup"u8.ToArray() })).Outcome);
    }

    [Fact]
    public async Task ACertificateIsTrustedByItsAuthorityWhileItIsValid()
    {
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        using X509Certificate2 expired = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-11));
        using X509Certificate2 server = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5), usage: "1.3.6.1.5.5.7.3.1");
        SignatureIntegration integration = MadeSignatures.Integration(Anybody with { ChainPem = _root.ExportCertificatePem() });
        CosignSignature signature = MadeSignatures.Sign(_key);

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(integration, signature.With(leaf))).Outcome);
        Assert.Contains("not at 2026-11-26 12:00:00Z", (await VerifyAsync(integration, signature.With(expired))).Description, StringComparison.Ordinal);
        Assert.Contains("cert verification failed: NotValidForUsage", (await VerifyAsync(integration, signature.With(server))).Description, StringComparison.Ordinal);
        Assert.Contains("no certificate found on signature", (await VerifyAsync(integration, signature)).Description, StringComparison.Ordinal);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, MadeSignatures.Sign(_other).With(leaf))).Outcome);
    }

    [Fact]
    public async Task AnotherAuthorityOfTheSameNameIsNotTrusted()
    {
        using X509Certificate2 impostor = MadeSignatures.Root(_other);
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, impostor, _other, MadeSignatures.Now.AddMinutes(-5));
        SignatureIntegration integration = MadeSignatures.Integration(Anybody with { ChainPem = _root.ExportCertificatePem() });
        CosignSignature signature = MadeSignatures.Sign(_key).With(leaf) with { ChainPem = Encoding.ASCII.GetBytes(impostor.ExportCertificatePem()) };

        VerificationResult result = await VerifyAsync(integration, signature);

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains("cert verification failed", result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MadeSignatures.Mail, MadeSignatures.Issuer, VerificationOutcome.Verified)]
    [InlineData("^dev@example\\.com$", "example", VerificationOutcome.Verified)]
    [InlineData("^dev@example$", "example", VerificationOutcome.Failed)]
    [InlineData("dev", "^https://other", VerificationOutcome.Failed)]
    [InlineData("(?=dev)", "example", VerificationOutcome.Error)]
    [InlineData("(", "example", VerificationOutcome.Error)]
    [InlineData("dev@[[:alpha:]]+", "example", VerificationOutcome.Error)]
    public async Task ACertificatesIdentityMustFit(string identity, string issuer, VerificationOutcome expected)
    {
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        var trusted = new TrustedCertificate { Identity = identity, Issuer = issuer, ChainPem = _root.ExportCertificatePem() };

        VerificationResult result = await VerifyAsync(MadeSignatures.Integration(trusted), MadeSignatures.Sign(_key).With(leaf));

        Assert.Equal(expected, result.Outcome);
    }

    [Fact]
    public async Task ATransparencyLogSaysWhenAnExpiredCertificateSigned()
    {
        using ECDsa log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddDays(-30));
        var rekor = new TransparencyLog { IsRequired = true, IsOffline = true, KeyPem = log.ExportSubjectPublicKeyInfoPem() };
        SignatureIntegration integration = MadeSignatures.Integration(Anybody with { ChainPem = _root.ExportCertificatePem() }, rekor);
        CosignSignature signature = MadeSignatures.Sign(_key).With(leaf);

        Assert.Equal(
            VerificationOutcome.Verified,
            (await VerifyAsync(integration, signature.Logged(log, leaf.ExportCertificatePem(), MadeSignatures.Now.AddDays(-30).AddMinutes(1)))).Outcome);
        Assert.Contains(
            "the certificate is valid from",
            (await VerifyAsync(integration, signature.Logged(log, leaf.ExportCertificatePem(), MadeSignatures.Now.AddDays(-29)))).Description,
            StringComparison.Ordinal);
        Assert.Contains(
            "about another signature",
            (await VerifyAsync(integration, signature.Logged(log, _root.ExportCertificatePem(), MadeSignatures.Now.AddDays(-30).AddMinutes(1)))).Description,
            StringComparison.Ordinal);
        Assert.Contains(
            "rekor log public key not found",
            (await VerifyAsync(integration, signature.Logged(_other, leaf.ExportCertificatePem(), MadeSignatures.Now.AddDays(-30).AddMinutes(1)))).Description,
            StringComparison.Ordinal);
        Assert.Contains("offline verification failed", (await VerifyAsync(integration, signature)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeysSignatureMustBeInTheLogToo()
    {
        using ECDsa log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SignatureIntegration integration = MadeSignatures.Integration(MadeSignatures.Trusted(_key)) with
        {
            TransparencyLog = new TransparencyLog { IsRequired = true, IsOffline = true, KeyPem = log.ExportSubjectPublicKeyInfoPem() },
        };
        CosignSignature signature = MadeSignatures.Sign(_key);
        CosignSignature logged = signature.Logged(log, _key.ExportSubjectPublicKeyInfoPem(), MadeSignatures.Now);

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(integration, logged)).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, signature)).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, MadeSignatures.Sign(_key) with { RekorBundle = logged.RekorBundle })).Outcome);
    }

    [Fact]
    public async Task ACertificateMustBeInACertificateLogWhereThatIsAsked()
    {
        using ECDsa log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 with = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5), certificateLog: log);
        using X509Certificate2 byAnother = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5), certificateLog: _other);
        using X509Certificate2 without = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        SignatureIntegration integration = MadeSignatures.Integration(Anybody with
        {
            ChainPem = _root.ExportCertificatePem(),
            RequiresCertificateLog = true,
            CertificateLogKeyPem = log.ExportSubjectPublicKeyInfoPem(),
        });
        CosignSignature signature = MadeSignatures.Sign(_key);

        Assert.Equal((VerificationOutcome.Verified, ""), Said(await VerifyAsync(integration, signature.With(with))));
        Assert.Contains("no certificate log that is trusted", (await VerifyAsync(integration, signature.With(byAnother))).Description, StringComparison.Ordinal);
        Assert.Contains("does not include required embedded SCT", (await VerifyAsync(integration, signature.With(without))).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneCertificateAloneMayBeTrusted()
    {
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        SignatureIntegration integration = MadeSignatures.Integration(
            Anybody with { CertificatePem = leaf.ExportCertificatePem(), ChainPem = _root.ExportCertificatePem() });

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(integration, MadeSignatures.Sign(_key))).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(integration, MadeSignatures.Sign(_other))).Outcome);
    }

    [Fact]
    public async Task ABundleVerifiesUnderEveryNameOfTheDigest()
    {
        CosignSignature bundle = Bundle(
            $$$"""{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"{{{MadeSignatures.Image.Hex}}}"} }],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""");
        SignatureIntegration integration = MadeSignatures.Integration(MadeSignatures.Trusted(_key));

        VerificationResult result = await VerifyAsync(integration, bundle);
        VerificationResult ofAnother = await VerifyAsync(integration, [bundle], [Digest.OfBytes("another"u8)], [MadeSignatures.Name]);

        Assert.Equal((VerificationOutcome.Verified, ""), Said(result));
        Assert.Equal([MadeSignatures.Name.FullName], result.VerifiedReferences);
        Assert.Equal(VerificationOutcome.Failed, ofAnother.Outcome);
    }

    [Fact]
    public async Task ALogThatNeedNotHaveItDoesNoHarm()
    {
        SignatureIntegration integration = MadeSignatures.Integration(MadeSignatures.Trusted(_key)) with
        {
            TransparencyLog = new TransparencyLog { KeyPem = "x" },
        };
        CosignSignature logged = MadeSignatures.Sign(_key).Logged(_other, _key.ExportSubjectPublicKeyInfoPem(), MadeSignatures.Now);
        SignatureIntegration required = integration with { TransparencyLog = integration.TransparencyLog with { IsRequired = true, IsOffline = true } };

        Assert.Equal((VerificationOutcome.Verified, ""), Said(await VerifyAsync(integration, MadeSignatures.Sign(_key))));
        Assert.Equal((VerificationOutcome.Verified, ""), Said(await VerifyAsync(integration, logged)));
        Assert.Equal((VerificationOutcome.Error, "failed to decode PEM block containing a log's public key"), Said(await VerifyAsync(required, logged)));
    }

    [Fact]
    public async Task OnlySoManyPathsAreLookedFor()
    {
        using X509Certificate2 impostor = MadeSignatures.Root(_other);
        using X509Certificate2 strange = MadeSignatures.Leaf(_key, impostor, _other, MadeSignatures.Now.AddMinutes(-5));
        using X509Certificate2 expired = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-11));
        using X509Certificate2 good = MadeSignatures.Leaf(_key, _root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        SignatureIntegration integration = MadeSignatures.Integration(Anybody with { ChainPem = _root.ExportCertificatePem() });
        CosignSignature signature = MadeSignatures.Sign(_key);
        CosignSignature[] afterOne = [signature.With(strange), signature.With(expired), signature.With(good)];
        CosignSignature[] afterTwo = [signature.With(strange), .. afterOne];

        VerificationResult verified = await VerifyWithinAsync(integration, afterOne, new SignatureLimits { SignatureChainBuilds = 2 });
        VerificationResult cut = await VerifyWithinAsync(integration, afterTwo, new SignatureLimits { SignatureChainBuilds = 2 });

        Assert.Equal(VerificationOutcome.Verified, verified.Outcome);
        Assert.Equal((VerificationOutcome.Failed, false), (cut.Outcome, cut.MayPass));
        Assert.Contains("4: more than 2 certificate paths of an image are not looked at (SignatureChainBuilds)", cut.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyTheCallerEndsItWithAnException()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using var verifier = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verifier.VerifyAsync(
            MadeSignatures.Integration(MadeSignatures.Trusted(_key)),
            new ImageSignature([MadeSignatures.Sign(_key)], MadeSignatures.Now),
            [MadeSignatures.Image],
            [MadeSignatures.Name],
            cancelled.Token));
    }

    [Fact]
    public void TheStampIsOfTheAuthorities()
    {
        using var first = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time);
        using var second = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time);
        using var own = new SignatureVerifier(new SignatureSettings { FulcioRoots = _root.ExportCertificatePem() }, new SignatureLimits(), _time);

        Assert.StartsWith($"{SignatureVerifier.Version} ", first.Stamp, StringComparison.Ordinal);
        Assert.Equal(first.Stamp, second.Stamp);
        Assert.NotEqual(first.Stamp, own.Stamp);
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void AuthoritiesThatCannotBeReadAreAWrongSetting(string roots) => Assert.Contains(
        "Signatures__FulcioRoots",
        Assert.Throws<SettingException>(() => new SignatureVerifier(new SignatureSettings { FulcioRoots = roots }, new SignatureLimits(), _time)).Message,
        StringComparison.Ordinal);

    private static (VerificationOutcome Outcome, string Description) Said(VerificationResult result) => (result.Outcome, result.Description);

    private CosignSignature Bundle(string statement)
    {
        byte[] payload = Encoding.UTF8.GetBytes(statement);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        string signature = Convert.ToBase64String(MadeSignatures.SignatureOf(_key, signed));
        string content = $$"""{"payload":"{{Convert.ToBase64String(payload)}}","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"{{signature}}"}]}""";
        return new CosignSignature
        {
            SigstoreBundle = Encoding.UTF8.GetBytes(
                $$"""{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"k"} },"dsseEnvelope":{{content}} }"""),
            Format = SignatureFormat.DeadSimpleSigningEnvelope,
        };
    }

    private Task<VerificationResult> VerifyAsync(SignatureIntegration integration, params CosignSignature[] signatures) =>
        VerifyAsync(integration, signatures, [MadeSignatures.Image], [MadeSignatures.Name]);

    private Task<VerificationResult> VerifyWithinAsync(SignatureIntegration integration, CosignSignature[] signatures, SignatureLimits limits) =>
        new SignatureVerifier(new SignatureSettings(), limits, _time).VerifyAsync(
            integration,
            new ImageSignature(signatures, MadeSignatures.Now),
            [MadeSignatures.Image],
            [MadeSignatures.Name],
            TestContext.Current.CancellationToken);

    private Task<VerificationResult> VerifyAsync(
        SignatureIntegration integration, CosignSignature[] signatures, Digest[] images, ImageReference[] names) =>
        new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time)
            .VerifyAsync(integration, new ImageSignature(signatures, MadeSignatures.Now), images, names, TestContext.Current.CancellationToken);
}
