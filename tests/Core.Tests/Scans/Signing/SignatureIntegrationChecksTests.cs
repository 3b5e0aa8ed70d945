using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Tests.Scans.Signing;

public sealed class SignatureIntegrationChecksTests
{
    private const string Id = "io.stackrox.signatureintegration.94ac7bfe-f9b2-402e-b4f2-bfda480e1a13";

    // RFC 8410, 10.1.
    private const string Ed25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    private static readonly string P256 = KeyOf(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void TakesEveryKeyThatCanVerify()
    {
        using var rsa = RSA.Create(2048);

        foreach (string pem in new[]
        {
            P256, KeyOf(ECCurve.NamedCurves.nistP384), KeyOf(ECCurve.NamedCurves.nistP521), rsa.ExportSubjectPublicKeyInfoPem(), Ed25519,
            $"some words before it\n{P256}\n",
        })
        {
            SignatureIntegrationChecks.EnsureValid(WithKey(pem));
        }
    }

    [Fact]
    public void SaysAllThatIsWrongTheWayStackRoxDoes()
    {
        var integration = new SignatureIntegration
        {
            Id = "Killer Queen",
            Name = "",
            PublicKeys = [new TrustedKey("", "this is not PEM encoded")],
            Certificates = [new TrustedCertificate { Identity = "", Issuer = "a(b", ChainPem = "@@@" }],
        };

        Assert.Equal(
            """
            invalid arguments: 7 errors occurred:
            	* id field must be in 'io.stackrox.signatureintegration.*' format
            	* name field must be set
            	* public key name should be filled
            	* failed to decode PEM block containing public key ""
            	* certificate identity must be filled
            	* couldn't parse regex: error parsing regexp: missing closing ): `a(b`
            	* unmarshalling certificate chain PEM: error during PEM decoding


            """.ReplaceLineEndings("\n"),
            MessageOf(integration));
    }

    [Fact]
    public void WantsAKeyOrACertificate() => Assert.Equal(
        "invalid arguments: 1 error occurred:\n\t* integration must have at least one public key or certificate\n\n",
        MessageOf(new SignatureIntegration { Id = Id, Name = "none" }));

    [Fact]
    public void RefusesWhatIsNoPublicKeyOrHasSomethingAfterIt()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (string pem in new[]
        {
            "", P256 + "x", $"{P256}\n{P256}", ecdsa.ExportECPrivateKeyPem(), P256.Replace("PUBLIC KEY", "EC PUBLIC KEY", StringComparison.Ordinal), P256[..60],
        })
        {
            Assert.Contains("\t* failed to decode PEM block containing public key \"k\"\n", MessageOf(WithKey(pem)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nothing at all")]
    [InlineData("another curve")]
    [InlineData("another algorithm")]
    [InlineData("bytes after it")]
    [InlineData("a short RSA key")]
    public void RefusesAKeyThatCanVerifyNothing(string which)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var rsa = RSA.Create(1024);
        byte[] good = Convert.FromBase64String(P256.Split('\n').Where(line => !line.StartsWith('-')).Aggregate("", string.Concat));
        byte[] der = which switch
        {
            "another curve" => other.ExportSubjectPublicKeyInfo(),
            "another algorithm" => [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x03, 0x21, 0x00, .. new byte[32]],
            "bytes after it" => [.. good, 0],
            "a short RSA key" => rsa.ExportSubjectPublicKeyInfo(),
            _ => [0x30, 0x00],
        };

        Assert.Contains("public key \"k\": ", MessageOf(WithKey(PemEncoding.WriteString("PUBLIC KEY", der))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^https://github\\.com/acme/.+$", null)]
    [InlineData(".*", null)]
    [InlineData("(?P<who>[a-z]+)@acme\\.test", null)]
    [InlineData("a{2,1000}", null)]
    [InlineData("a(b", "missing closing ): `a(b`")]
    [InlineData("a)b", "unexpected ): `a)b`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("*a", "missing argument to repetition operator: `*a`")]
    [InlineData("a{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("a\\", "trailing backslash at end of expression: ``")]
    [InlineData("(?=a)b", "invalid or unsupported Perl syntax: `(?=a)b`")]
    [InlineData("(a)\\1", "invalid or unsupported Perl syntax: `(a)\\1`")]
    [InlineData("(?>a+)+b", "invalid or unsupported Perl syntax: `(?>a+)+b`")]
    public void TakesPatternsThatMatchInLinearTime(string pattern, string? reason)
    {
        var integration = new SignatureIntegration
        {
            Id = Id,
            Name = "x",
            Certificates = [new TrustedCertificate { Identity = pattern, Issuer = ".*" }],
        };

        if (reason is null)
        {
            SignatureIntegrationChecks.EnsureValid(integration);
        }
        else
        {
            Assert.Equal($"invalid arguments: 1 error occurred:\n\t* couldn't parse regex: error parsing regexp: {reason}\n\n", MessageOf(integration));
        }
    }

    [Fact]
    public void ReadsChainsOfCertificates()
    {
        string certificate = CertificateOf("CN=acme");

        SignatureIntegrationChecks.EnsureValid(WithChain($"{certificate}\n\n{certificate}\n"));

        Assert.Contains("chain PEM: x509: malformed certificate", MessageOf(WithChain(PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]))), StringComparison.Ordinal);
        Assert.Contains("chain PEM: error during PEM decoding", MessageOf(WithChain($"{certificate} @@@")), StringComparison.Ordinal);
        Assert.Contains("has more than 10 certificates", MessageOf(WithChain(string.Join('\n', Enumerable.Repeat(certificate, 11)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://rekor.acme.test", false, null)]
    [InlineData("https://rekor.acme.test:3000/log/", false, null)]
    [InlineData("rekor.acme.test", false, null)]
    [InlineData("http://rekor.acme.test", false, "failed to validate transparency log url: transparency log url must be https: no other is asked")]
    [InlineData("https://rekor.acme.test?x=1", false, "failed to validate transparency log url: transparency log url must have a valid host")]
    [InlineData("https://", false, "failed to validate transparency log url: transparency log url must have a valid host")]
    [InlineData("", false, "failed to validate transparency log url: transparency log url must have a valid host")]
    [InlineData("", true, null)]
    [InlineData("file:///etc/passwd", false, "failed to validate transparency log url: transparency log url must have a valid host")]
    [InlineData("https://user:secret@rekor.acme.test", false, "failed to validate transparency log url: transparency log url must have a valid host")]
    public void LooksAtTheAddressOfALog(string url, bool isOffline, string? reason)
    {
        SignatureIntegration integration = WithKey(P256) with
        {
            TransparencyLog = new TransparencyLog { IsRequired = true, Url = url, IsOffline = isOffline },
        };

        if (reason is null)
        {
            SignatureIntegrationChecks.EnsureValid(integration);
        }
        else
        {
            Assert.Contains($"\t* {reason}\n", MessageOf(integration), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void MeansThePublicLogWhereNoneIsNamed()
    {
        SignatureIntegration asked = WithKey(P256) with { TransparencyLog = new TransparencyLog { IsRequired = true } };

        Assert.Equal("https://rekor.sigstore.dev", SignatureIntegrationChecks.Completed(asked).TransparencyLog.Url);
        Assert.Equal("", SignatureIntegrationChecks.Completed(WithKey(P256)).TransparencyLog.Url);
    }

    [Fact]
    public void LooksAtTheKeysOfLogs()
    {
        SignatureIntegration log = WithKey(P256) with { TransparencyLog = new TransparencyLog { IsRequired = true, IsOffline = true, KeyPem = "x" } };
        var certificates = new SignatureIntegration
        {
            Id = Id,
            Name = "x",
            Certificates = [new TrustedCertificate { Identity = ".*", Issuer = ".*", RequiresCertificateLog = true, CertificateLogKeyPem = "x" }],
        };

        Assert.Contains("\t* failed to decode PEM block containing rekor public key\n", MessageOf(log), StringComparison.Ordinal);
        Assert.Contains("\t* failed to decode PEM block containing ctlog key\n", MessageOf(certificates), StringComparison.Ordinal);
    }

    [Fact]
    public void BoundsWhatIsKept()
    {
        Assert.Contains("at most 50 public keys", MessageOf(WithKey(P256) with { PublicKeys = [.. Enumerable.Repeat(new TrustedKey("k", P256), 51)] }), StringComparison.Ordinal);
        Assert.Contains("at most 256 characters", MessageOf(WithKey(P256) with { Name = new string('x', 257) }), StringComparison.Ordinal);
        Assert.Contains("failed to decode", MessageOf(WithKey(new string(' ', 32 * 1024) + P256)), StringComparison.Ordinal);
        Assert.Contains(
            "at most 1000 characters",
            MessageOf(new SignatureIntegration { Id = Id, Name = "x", Certificates = [new TrustedCertificate { Identity = new string('x', 1_001), Issuer = ".*" }] }),
            StringComparison.Ordinal);
    }

    private static SignatureIntegration WithKey(string pem) => new() { Id = Id, Name = "acme", PublicKeys = [new TrustedKey("k", pem)] };

    private static SignatureIntegration WithChain(string pem) => new()
    {
        Id = Id,
        Name = "acme",
        Certificates = [new TrustedCertificate { Identity = ".*", Issuer = ".*", ChainPem = pem }],
    };

    private static string MessageOf(SignatureIntegration integration) =>
        Assert.Throws<SignatureIntegrationRefusedException>(() => SignatureIntegrationChecks.EnsureValid(integration)).Message;

    private static string KeyOf(ECCurve curve)
    {
        using var ecdsa = ECDsa.Create(curve);
        return ecdsa.ExportSubjectPublicKeyInfoPem();
    }

    private static string CertificateOf(string name)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest(name, ecdsa, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return certificate.ExportCertificatePem();
    }
}
