using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Signatures;

/// <summary>Whatever lies in a registry, verifying it gives an answer that is not "verified", without an exception and soon.</summary>
public sealed class HostileSignaturesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider _time = new(MadeSignatures.Now);
    private readonly Random _random = new(7);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task BytesOutOfPlaceAreNeverVerified()
    {
        CosignSignature keyless = RealSignatures.Keyless;
        byte[] bundle = RealSignatures.File("attestation.sigstore.json");
        var watch = Stopwatch.StartNew();
        for (int round = 0; round < 150; round++)
        {
            await NotVerifiedAsync(keyless with { CertificatePem = Changed(keyless.CertificatePem), ChainPem = Changed(keyless.ChainPem), RawSignature = Changed(keyless.RawSignature) });
            await NotVerifiedAsync(keyless with { RekorBundle = Changed(keyless.RekorBundle), Payload = Changed(keyless.Payload) });
            await NotVerifiedAsync(new CosignSignature { SigstoreBundle = Changed(bundle), Format = SignatureFormat.DeadSimpleSigningEnvelope });
            await NotVerifiedAsync(Noise());
        }

        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task TruncatedBundlesAreNeverVerified()
    {
        byte[] bundle = RealSignatures.File("attestation.sigstore.json");
        for (int length = 0; length < bundle.Length; length += 61)
        {
            await NotVerifiedAsync(new CosignSignature { SigstoreBundle = bundle.AsMemory(0, length), Format = SignatureFormat.DeadSimpleSigningEnvelope });
        }
    }

    [Fact]
    public async Task CertificatesWithChangedBytesAreNeverVerified()
    {
        byte[] der = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(RealSignatures.File("keyless.crt.pem"))).RawData;
        for (int at = 0; at < der.Length; at += 3)
        {
            byte[] changed = [.. der];
            changed[at] ^= (byte)(1 << _random.Next(8));
            await NotVerifiedAsync(RealSignatures.Keyless with
            {
                CertificatePem = Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", changed)),
            });
        }
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task BombsAreAnswered(string what)
    {
        byte[] bomb = Encoding.UTF8.GetBytes(what);
        var watch = Stopwatch.StartNew();

        await NotVerifiedAsync(MadeSignatures.Sign(_key, bomb));
        await NotVerifiedAsync(new CosignSignature { SigstoreBundle = bomb, Format = SignatureFormat.DeadSimpleSigningEnvelope });
        await NotVerifiedAsync(RealSignatures.Keyless with { RekorBundle = bomb, RawSignature = bomb });
        await NotVerifiedAsync(RealSignatures.Keyless with { CertificatePem = bomb });
        await NotVerifiedAsync(RealSignatures.Keyless with { ChainPem = bomb, RawSignature = bomb });

        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
    }

    public static TheoryData<string> Bombs() => new(
        new string('[', 60_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 20_000)),
        string.Concat(Enumerable.Repeat("-----BEGIN CERTIFICATE-----\n", 2_000)),
        string.Concat(Enumerable.Repeat("-----BEGIN A-----\nAAAA\n-----END A-----\n", 1_500)),
        "{\"critical\":{\"identity\":{\"docker-reference\":\"\\ud800\"},\"image\":{\"docker-manifest-digest\":\"\\ud800\"}}}",
        "{\"critical\":{\"\\ud800\":1},\"critical\":{}}",
        "{\"critical\":{\"identity\":{\"docker-reference\":5},\"image\":[]}}",
        "\0\0\0\0",
        "null");

    private CosignSignature Noise()
    {
        byte[] noise = new byte[_random.Next(1, 3000)];
        _random.NextBytes(noise);
        return new CosignSignature
        {
            RawSignature = noise,
            Payload = noise,
            CertificatePem = noise,
            ChainPem = noise,
            RekorBundle = noise,
            SigstoreBundle = noise,
            Format = (SignatureFormat)_random.Next(0, 3),
        };
    }

    // At least one byte is another, or a part is gone.
    private byte[] Changed(ReadOnlyMemory<byte> bytes)
    {
        byte[] changed = bytes.ToArray();
        int at = _random.Next(changed.Length);
        if (_random.Next(3) == 0)
        {
            return changed[..at];
        }

        changed[at] ^= (byte)_random.Next(1, 256);
        return changed;
    }

    private async Task NotVerifiedAsync(CosignSignature signature)
    {
        // Under a name of its own, so that a change that changes nothing is not taken for a hole.
        var integration = new SignatureIntegration
        {
            Id = "1",
            Name = "all",
            PublicKeys = [new TrustedKey("theirs", RealSignatures.Key)],
            Certificates = [new TrustedCertificate { Identity = "redhat|soyland", Issuer = "github", RequiresCertificateLog = true }],
            TransparencyLog = new TransparencyLog { IsRequired = true, IsOffline = true },
        };
        ImageReference name = RealSignatures.NameOf(RealSignatures.KeyImage);

        VerificationResult result = await new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), _time).VerifyAsync(
            integration, new ImageSignature([signature], MadeSignatures.Now), [name.Digest!], [name], TestContext.Current.CancellationToken);

        Assert.NotEqual(VerificationOutcome.Verified, result.Outcome);
        Assert.DoesNotContain('\0', result.Description);
    }
}
