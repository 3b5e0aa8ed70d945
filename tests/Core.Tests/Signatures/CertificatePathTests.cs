using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.Core.Signatures;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Signatures;

/// <summary>From whom a certificate must come, and that no certificate makes an answer fail.</summary>
public sealed class CertificatePathTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly FakeTimeProvider _time = new(MadeSignatures.Now);

    public void Dispose()
    {
        _key.Dispose();
        _rootKey.Dispose();
        _rsa.Dispose();
    }

    [Theory]
    [InlineData("EC", "1.3.101.112")]
    [InlineData("EC", "1.3.101.113")]
    [InlineData("EC", "2.16.840.1.101.3.4.3.17")]
    [InlineData("EC", "1.2.3.4.5")]
    [InlineData("RSA", "1.3.101.112")]
    [InlineData("RSA", "1.2.3.4.5")]
    public async Task AnAlgorithmThatIsNotItsIssuersIsNotTrusted(string kind, string algorithm)
    {
        using X509Certificate2 root = kind == "RSA" ? MadeSignatures.Root(_rsa) : MadeSignatures.Root(_rootKey);
        using X509Certificate2 hostile = MadeSignatures.Namesake(_key, root, new Claiming(_key, algorithm));
        using X509Certificate2 good = MadeSignatures.Namesake(
            _key, root, kind == "RSA" ? X509SignatureGenerator.CreateForRSA(_rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa(_rootKey));

        VerificationResult alone = await VerifyAsync(root, Signed(hostile));
        VerificationResult besides = await VerifyAsync(root, Signed(hostile), Signed(good));

        Assert.Equal(VerificationOutcome.Failed, alone.Outcome);
        Assert.Contains("cert verification failed", alone.Description, StringComparison.Ordinal);
        Assert.Equal((VerificationOutcome.Verified, ""), (besides.Outcome, besides.Description));
    }

    [Theory]
    [InlineData("for servers")]
    [InlineData("for revocations")]
    [InlineData("for some names")]
    [InlineData("for who knows what")]
    public async Task ARootThatMayNotSignCodeIsNoIssuerOfItsNamesakesEither(string what)
    {
        X509Extension extension = what switch
        {
            "for servers" => new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false),
            "for revocations" => new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, true),

            // permittedSubtrees: dNSName example.com
            "for some names" => new X509Extension("2.5.29.30", [0x30, 0x11, 0xA0, 0x0F, 0x30, 0x0D, 0x82, 0x0B, .. "example.com"u8], false),
            _ => new X509Extension("1.2.3.4", [0x05, 0x00], true),
        };
        using X509Certificate2 root = MadeSignatures.Root(_rootKey, extension);
        using X509Certificate2 namesake = MadeSignatures.Namesake(_key, root, X509SignatureGenerator.CreateForECDsa(_rootKey));

        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(root, Signed(namesake))).Outcome);
    }

    [Fact]
    public async Task ARootThatMaySignIsTheIssuerOfItsNamesakes()
    {
        using X509Certificate2 root = MadeSignatures.Root(
            _rootKey,
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true),
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], false));
        using X509Certificate2 namesake = MadeSignatures.Namesake(_key, root, X509SignatureGenerator.CreateForECDsa(_rootKey));

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(root, Signed(namesake))).Outcome);
    }

    [Fact]
    public async Task AnIntermediateAloneIsTrustedWhateverTheSignatureBrings()
    {
        using ECDsa between = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = MadeSignatures.Root(_rootKey);
        using X509Certificate2 intermediate = MadeSignatures.Intermediate(between, root, _rootKey);
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, intermediate, between, MadeSignatures.Now.AddMinutes(-5));
        using X509Certificate2 ofRoot = MadeSignatures.Leaf(_key, root, _rootKey, MadeSignatures.Now.AddMinutes(-5));
        byte[] brought = Encoding.ASCII.GetBytes($"{intermediate.ExportCertificatePem()}\n{root.ExportCertificatePem()}\n");

        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(intermediate, Signed(leaf))).Outcome);
        Assert.Equal((VerificationOutcome.Verified, ""), Said(await VerifyAsync(intermediate, Signed(leaf) with { ChainPem = brought })));
        Assert.Equal(VerificationOutcome.Verified, (await VerifyAsync(root, Signed(leaf) with { ChainPem = brought })).Outcome);
        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(intermediate, Signed(ofRoot) with { ChainPem = brought })).Outcome);
    }

    [Fact]
    public async Task AnIntermediateAloneIsTrustedAsLongAsItIsValid()
    {
        using ECDsa between = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = MadeSignatures.Root(_rootKey);
        using X509Certificate2 expired = MadeSignatures.Intermediate(between, root, _rootKey, until: MadeSignatures.Now.AddDays(-1));
        using X509Certificate2 leaf = MadeSignatures.Leaf(_key, expired, between, MadeSignatures.Now.AddMinutes(-5));

        Assert.Equal(VerificationOutcome.Failed, (await VerifyAsync(expired, Signed(leaf))).Outcome);
    }

    private static (VerificationOutcome Outcome, string Description) Said(VerificationResult result) => (result.Outcome, result.Description);

    private CosignSignature Signed(X509Certificate2 certificate) => MadeSignatures.Sign(_key).With(certificate);

    private async Task<VerificationResult> VerifyAsync(X509Certificate2 trusted, params CosignSignature[] signatures)
    {
        using var verifier = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time);
        return await verifier.VerifyAsync(
            MadeSignatures.Integration(new TrustedCertificate { Identity = ".*", Issuer = ".*", ChainPem = trusted.ExportCertificatePem() }),
            new ImageSignature(signatures, MadeSignatures.Now),
            [MadeSignatures.Image],
            [MadeSignatures.Name],
            TestContext.Current.CancellationToken);
    }

    /// <summary>Signs with a key of its own and says that it was another algorithm.</summary>
    private sealed class Claiming(ECDsa key, string algorithm) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
            }

            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => CreateForECDsa(key).PublicKey;
    }
}
