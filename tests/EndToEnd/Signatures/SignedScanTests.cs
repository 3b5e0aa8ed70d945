using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Who signed images of a real registry, as scans say it over the API; keys are made by openssl.</summary>
[Collection(StateServers.Name)]
public sealed class SignedScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Mail = "release@acme.test";
    private const string Issuer = "https://accounts.acme.test";

    private readonly OpenSslKey _key = OpenSslKey.OfCurve("P-256");
    private readonly OpenSslKey _stranger = OpenSslKey.OfCurve("P-256");
    private SignedLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await SignedLab.StartAsync(azurite);

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _key.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task AreVerifiedByTheKeyThatSigned()
    {
        string id = await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/signed");
        Signature signature = image.SignedBy(_key);
        await _lab.SignAsync(image, signature);

        ApiAnswer answer = await _lab.App.ScanAsync(image.Name);

        Assert.Equal("[]", answer.Json.GetProperty("notes").GetRawText());
        JsonElement cosign = Assert.Single(answer.Json.GetProperty("signature").GetProperty("signatures").EnumerateArray()).GetProperty("cosign");
        Assert.Equal(
            $$"""{"rawSignature":"{{signature.Base64}}","signaturePayload":"{{Convert.ToBase64String(image.Payload)}}","certPem":null,"certChainPem":null}""",
            cosign.GetRawText());
        JsonElement result = Assert.Single(ResultsOf(answer));
        Assert.Equal(
            (id, "VERIFIED", "", $"""["{image.Name}"]"""),
            (TextOf(result, "verifierId"), TextOf(result, "status"), TextOf(result, "description"), result.GetProperty("verifiedImageReferences").GetRawText()));
    }

    [Theory]
    [InlineData("Ed25519")]
    [InlineData("RSA")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    public async Task AreVerifiedByEveryAlgorithm(string algorithm)
    {
        using OpenSslKey key = algorithm switch { "Ed25519" => OpenSslKey.Ed25519(), "RSA" => OpenSslKey.Rsa(), _ => OpenSslKey.OfCurve(algorithm) };
        await _lab.TrustAsync("acme", key);
        PushedImage image = await _lab.PushAsync("made/algorithm");
        await _lab.SignAsync(image, image.SignedBy(key));

        ApiAnswer answer = await _lab.App.ScanAsync(image.Name);

        Assert.Equal(["acme VERIFIED"], await StatusesAsync(answer));
    }

    [Fact]
    public async Task AreNoneOfAnUnsignedImage()
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/unsigned");

        ApiAnswer answer = await _lab.App.ScanAsync(image.Name);

        Assert.Equal(
            ("null", "null", """["MISSING_SIGNATURE","MISSING_SIGNATURE_VERIFICATION_DATA"]"""),
            (answer.Json.GetProperty("signature").GetRawText(), answer.Json.GetProperty("signatureVerificationData").GetRawText(),
                answer.Json.GetProperty("notes").GetRawText()));
    }

    [Theory]
    [InlineData("tampered payload", "FAILED_VERIFICATION", "invalid signature")]
    [InlineData("wrong digest", "FAILED_VERIFICATION", "digest")]
    [InlineData("wrong key", "FAILED_VERIFICATION", "invalid signature")]
    [InlineData("another repository", "FAILED_VERIFICATION", "no verified references")]
    [InlineData("not base64", "CORRUPTED_SIGNATURE", "corrupted signature")]
    public async Task AreNotVerifiedWhere(string what, string status, string reason)
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/bad");
        Signature good = image.SignedBy(_key);
        byte[] elsewhere = (image with { Repository = "made/other" }).Payload;
        await _lab.SignAsync(image, what switch
        {
            "tampered payload" => good with { Payload = [.. good.Payload, (byte)' '] },
            "wrong digest" => _key.SignatureOf(image.PayloadFor(Digest.OfBytes("another"u8))),
            "wrong key" => image.SignedBy(_stranger),
            "another repository" => _key.SignatureOf(elsewhere),
            _ => good with { Base64 = "@@@" },
        });

        ApiAnswer answer = await _lab.App.ScanAsync(image.Name);

        JsonElement result = Assert.Single(ResultsOf(answer));
        Assert.Equal((status, "[]"), (TextOf(result, "status"), result.GetProperty("verifiedImageReferences").GetRawText()));
        Assert.Contains(reason, TextOf(result, "description"), StringComparison.Ordinal);
        Assert.Equal("[]", answer.Json.GetProperty("notes").GetRawText());
    }

    [Fact]
    public async Task AreVerifiedThoughAStrangerHasSigned()
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/both");
        await _lab.SignAsync(image, image.SignedBy(_stranger), image.SignedBy(_key));

        ApiAnswer answer = await _lab.App.ScanAsync(image.Name);

        Assert.Equal(["acme VERIFIED"], await StatusesAsync(answer));
        Assert.Equal(2, answer.Json.GetProperty("signature").GetProperty("signatures").GetArrayLength());
    }

    [Fact]
    public async Task AreVerifiedByCertificatesOfThoseWhoAreMeant()
    {
        using var root = new MadeAuthority();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string[] identities = ["release@acme\\.test", "somebody@else\\.test", "release@acme\\.test"];
        string[] issuers = ["https://accounts\\.acme\\.test", ".+", "https://accounts\\.other\\.test"];
        string[] names = ["right", "wrong identity", "wrong issuer"];
        foreach ((string name, string identity, string issuer) in names.Zip(identities, issuers))
        {
            await _lab.TrustAsync(new
            {
                name,
                cosignCertificates = new[]
                {
                    new { certificateChainPemEnc = root.Pem, certificateIdentity = $"^{identity}$", certificateOidcIssuer = $"^{issuer}$" },
                },
            });
        }

        PushedImage valid = await _lab.PushAsync("made/certified");
        await _lab.SignAsync(valid, valid.SignedBy(_key) with { CertificatePem = root.CertificateFor(_key, Mail, Issuer, now.AddDays(-1), now.AddDays(1)) });
        PushedImage expired = await _lab.PushAsync("made/expired");
        await _lab.SignAsync(expired, expired.SignedBy(_key) with { CertificatePem = root.CertificateFor(_key, Mail, Issuer, now.AddDays(-9), now.AddDays(-8)) });

        ApiAnswer validAnswer = await _lab.App.ScanAsync(valid.Name);
        ApiAnswer expiredAnswer = await _lab.App.ScanAsync(expired.Name);

        Assert.Equal(
            ["right VERIFIED", "wrong identity FAILED_VERIFICATION", "wrong issuer FAILED_VERIFICATION"], await StatusesAsync(validAnswer));
        Assert.Equal(
            ["right FAILED_VERIFICATION", "wrong identity FAILED_VERIFICATION", "wrong issuer FAILED_VERIFICATION"], await StatusesAsync(expiredAnswer));
        Assert.Contains(
            "BEGIN CERTIFICATE",
            Encoding.ASCII.GetString(validAnswer.Json.GetProperty("signature").GetProperty("signatures")[0].GetProperty("cosign").GetProperty("certPem").GetBytesFromBase64()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AreThoseOfTheIndexToo()
    {
        await _lab.TrustAsync("acme", _key);
        MadeImage amd64 = TestImages.OfNpm("index-signed@1.0.0");
        MadeImage arm64 = TestImages.ForArm64(amd64);
        MadeBlob index = TestImages.IndexOf(amd64, arm64);
        await _lab.PushAsync("made/index", "amd64", amd64);
        await _lab.PushAsync("made/index", "arm64", arm64);
        await _lab.PushManifestAsync("made/index", "1", index);
        var image = new PushedImage(_lab.Registry.Host, "made/index", index.Digest);
        await _lab.SignAsync(image, image.SignedBy(_key));

        ApiAnswer direct = await _lab.App.ScanAsync($"{_lab.Registry.Host}/made/index:amd64");
        ApiAnswer byIndex = await _lab.App.ScanAsync(image.Name);
        ApiAnswer again = await _lab.App.ScanAsync($"{_lab.Registry.Host}/made/index:amd64");

        Assert.Equal("null", direct.Json.GetProperty("signature").GetRawText());
        Assert.Equal(["acme VERIFIED"], await StatusesAsync(byIndex));
        Assert.Equal(["acme VERIFIED"], await StatusesAsync(again));
    }

    [Fact]
    public async Task AreTheSameInEveryAnswerAboutTheImage()
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/answers");
        await _lab.SignAsync(image, image.SignedBy(_key));

        ApiAnswer scan = await _lab.App.ScanAsync(image.Name);
        int asked = SignatureReads();
        ApiAnswer stored = await _lab.App.ScanAsync(image.Name);
        ApiAnswer got = await _lab.App.GetAsync($"/v1/images/{image.Digest}");
        ApiAnswer exported = await _lab.App.GetAsync("/v1/export/images");

        string verified = scan.Json.GetProperty("signatureVerificationData").GetRawText();
        Assert.Equal(verified, stored.Json.GetProperty("signatureVerificationData").GetRawText());
        Assert.Equal(verified, got.Json.GetProperty("signatureVerificationData").GetRawText());
        Assert.Contains(verified, exported.Text, StringComparison.Ordinal);
        Assert.Equal(asked, SignatureReads());
    }

    [Fact]
    public async Task FollowIntegrationsWithoutAScan()
    {
        PushedImage image = await _lab.PushAsync("made/later");
        await _lab.SignAsync(image, image.SignedBy(_key));
        ApiAnswer untrusted = await _lab.App.ScanAsync(image.Name);
        int before = SignatureReads();
        string id = await _lab.TrustAsync("stranger", _stranger);

        ApiAnswer unasked = await _lab.App.GetAsync($"/v1/images/{image.Digest}");
        ApiAnswer scanned = await _lab.App.ScanAsync(image.Name);
        await _lab.SendAsync("PUT", $"/v1/signatureintegrations/{id}", new
        {
            name = "acme",
            cosign = new { publicKeys = new[] { new { name = "k", publicKeyPemEnc = _key.PublicPem } } },
        });
        ApiAnswer changed = await _lab.App.GetAsync($"/v1/images/{image.Digest}");
        string[] changedStatuses = await StatusesAsync(changed);
        await _lab.SendAsync("DELETE", $"/v1/signatureintegrations/{id}");
        ApiAnswer removed = await _lab.App.GetAsync($"/v1/images/{image.Digest}");

        Assert.Equal(0, before);
        Assert.Equal("null", untrusted.Json.GetProperty("signature").GetRawText());
        Assert.Equal("null", unasked.Json.GetProperty("signature").GetRawText());
        Assert.Equal("FAILED_VERIFICATION", TextOf(Assert.Single(ResultsOf(scanned)), "status"));
        Assert.Equal(["acme VERIFIED"], changedStatuses);
        Assert.Equal(
            ("null", "null"), (removed.Json.GetProperty("signature").GetRawText(), removed.Json.GetProperty("signatureVerificationData").GetRawText()));
    }

    [Fact]
    public async Task AreFetchedAnewByWhoeverForcesAScan()
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/forced");
        await _lab.SignAsync(image, image.SignedBy(_stranger));
        ApiAnswer first = await _lab.App.ScanAsync(image.Name);
        await _lab.SignAsync(image, image.SignedBy(_key));

        ApiAnswer stored = await _lab.App.ScanAsync(image.Name);
        ApiAnswer forced = await _lab.App.ScanAgainAsync(image.Name);

        Assert.Equal(["acme FAILED_VERIFICATION"], await StatusesAsync(first));
        Assert.Equal(["acme FAILED_VERIFICATION"], await StatusesAsync(stored));
        Assert.Equal(["acme VERIFIED"], await StatusesAsync(forced));
    }

    [Fact]
    public async Task GoWithTheImage()
    {
        await _lab.TrustAsync("acme", _key);
        PushedImage image = await _lab.PushAsync("made/gone");
        await _lab.SignAsync(image, image.SignedBy(_key));
        await _lab.App.ScanAsync(image.Name);
        await _lab.SignAsync(image, image.SignedBy(_stranger));

        ApiAnswer deleted = await _lab.SendAsync("DELETE", $"/v1/images?query.query=Image%20SHA:{image.Digest}&confirm=true");
        ApiAnswer again = await _lab.App.ScanAsync(image.Name);

        Assert.Equal((HttpStatusCode.OK, "1"), (deleted.Status, deleted.Json.GetProperty("numDeleted").GetRawText()));
        Assert.Equal(["acme FAILED_VERIFICATION"], await StatusesAsync(again));
    }

    // The integrations' names with what they say, ordered by name.
    private async Task<string[]> StatusesAsync(ApiAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Dictionary<string, string> names = (await _lab.SendAsync("GET", "/v1/signatureintegrations")).Json.GetProperty("integrations").EnumerateArray()
            .ToDictionary(integration => TextOf(integration, "id"), integration => TextOf(integration, "name"));
        return [.. ResultsOf(answer).Select(result => $"{names[TextOf(result, "verifierId")]} {TextOf(result, "status")}").Order(StringComparer.Ordinal)];
    }

    private int SignatureReads() => _lab.Registry.AccessLog.Count(line => line.Contains("\"GET ", StringComparison.Ordinal) && line.Contains(".sig ", StringComparison.Ordinal));

    private static JsonElement[] ResultsOf(ApiAnswer answer) =>
        [.. answer.Json.GetProperty("signatureVerificationData").GetProperty("results").EnumerateArray()];

    private static string TextOf(JsonElement message, string field) => message.GetProperty(field).GetString()!;

    /// <summary>An authority whose certificates name who signs.</summary>
    private sealed class MadeAuthority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _root;

        public MadeAuthority()
        {
            var request = new CertificateRequest("CN=Acme Root", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        }

        public string Pem => _root.ExportCertificatePem();

        public string CertificateFor(OpenSslKey key, string mail, string issuer, DateTimeOffset from, DateTimeOffset until)
        {
            using var signer = ECDsa.Create();
            signer.ImportFromPem(key.PublicPem);
            var request = new CertificateRequest(new X500DistinguishedName(""), signer, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress(mail);
            request.CertificateExtensions.Add(names.Build(critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false));
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.1", Encoding.UTF8.GetBytes(issuer), critical: false));
            using X509Certificate2 certificate = request.Create(_root, from, until, RandomNumberGenerator.GetBytes(8));
            return certificate.ExportCertificatePem();
        }

        public void Dispose()
        {
            _root.Dispose();
            _key.Dispose();
        }
    }
}
