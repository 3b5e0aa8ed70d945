using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Signatures;
using ImageScan.Core.Tests.Images.Registries;

namespace ImageScan.Core.Tests.Signatures;

public sealed class SignatureFetcherTests
{
    private const string SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string Bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private readonly Dictionary<string, (byte[] Bytes, string MediaType)> _held = [];
    private readonly FakeRegistry _registry;

    public SignatureFetcherTests() => _registry = new FakeRegistry(Answer);

    private static string Tag => $"/v2/team/app/manifests/sha256-{MadeSignatures.Image.Hex}";

    [Fact]
    public async Task AnUnsignedImageHasNoSignatureAndNoProblem()
    {
        FetchedSignatures found = await FetchAsync();

        Assert.Empty(found.Signatures);
        Assert.Empty(found.Problems);
        Assert.True(found.IsComplete);
    }

    [Fact]
    public async Task FindsWhatLiesUnderCosignsTag()
    {
        HoldUnder($"{Tag}.sig", Layer("payload"u8.ToArray(), "c2ln", chain: "CHAIN"), Layer("other"u8.ToArray(), "b3RoZXI="), Layer("payload"u8.ToArray(), "c2ln", chain: "CHAIN"));

        FetchedSignatures found = await FetchAsync();

        Assert.Equal(["sig", "other"], found.Signatures.Select(signature => Text(signature.RawSignature)));
        Assert.Equal(["payload", "other"], found.Signatures.Select(signature => Text(signature.Payload)));
        Assert.Equal("CHAIN", Text(found.Signatures[0].ChainPem));
        Assert.All(found.Signatures, signature => Assert.Equal(SignatureFormat.SimpleSigning, signature.Format));
        Assert.Empty(found.Problems);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindsWhatRefersToTheImage(bool hasApi)
    {
        string digest = HoldArtifact(Layer("payload"u8.ToArray(), "c2ln"));
        string index = Index((digest, "application/vnd.dev.cosign.artifact.sig.v1+json"), ($"sha256:{new string('0', 64)}", "application/spdx+json"));
        Hold(hasApi ? $"/v2/team/app/referrers/{MadeSignatures.Image}" : Tag, index, MediaTypes.OciIndex);

        FetchedSignatures found = await FetchAsync();

        Assert.Equal("payload", Text(Assert.Single(found.Signatures).Payload));
        Assert.Empty(found.Problems);
    }

    [Fact]
    public async Task FindsSignaturesInBundlesAndLeavesAttestations()
    {
        byte[] attestation = RealSignatures.File("attestation.sigstore.json");
        byte[] signature = Encoding.UTF8.GetBytes(MadeBundle("https://sigstore.dev/cosign/sign/v1"));
        string first = HoldArtifact((attestation, Bundle, ""));
        string second = HoldArtifact((signature, Bundle, ""));
        Hold($"/v2/team/app/referrers/{MadeSignatures.Image}", Index((first, Bundle), (second, Bundle)), MediaTypes.OciIndex);

        CosignSignature found = Assert.Single((await FetchAsync()).Signatures);

        Assert.Equal(signature, found.SigstoreBundle.ToArray());
        Assert.Equal((SignatureFormat.DeadSimpleSigningEnvelope, "raw"), (found.Format, Text(found.RawSignature)));
    }

    [Fact]
    public async Task WhatCannotBeDecodedIsKeptAndSaid()
    {
        HoldUnder($"{Tag}.sig", Layer("payload"u8.ToArray(), "!!"));
        string broken = HoldArtifact(("{}"u8.ToArray(), Bundle, ""));
        Hold($"/v2/team/app/referrers/{MadeSignatures.Image}", Index((broken, Bundle)), MediaTypes.OciIndex);

        FetchedSignatures found = await FetchAsync();

        Assert.Equal(["!!", ""], found.Signatures.Select(signature => Text(signature.RawSignature)));
        Assert.All(found.Signatures, signature => Assert.True(signature.Payload.IsEmpty));
        Assert.Equal(2, found.Problems.Count);
    }

    [Fact]
    public async Task WhatIsBeyondALimitIsLeftOutAndSaid()
    {
        var limits = new SignatureLimits { Referrers = 1, SignaturesPerImage = 2, SignaturePayloadBytes = 10, SignatureChainBytes = 5, SignatureBundleBytes = 20 };
        HoldUnder(
            $"{Tag}.sig",
            Layer("far too long"u8.ToArray(), "c2ln"),
            Layer("chain"u8.ToArray(), "c2ln", chain: "123456"),
            Layer("1"u8.ToArray(), "c2ln"),
            Layer("2"u8.ToArray(), "c2ln"),
            Layer("3"u8.ToArray(), "c2ln"));
        string bundle = HoldArtifact((new byte[21], Bundle, ""));
        Hold($"/v2/team/app/referrers/{MadeSignatures.Image}", Index((bundle, Bundle), (bundle, Bundle), (bundle, Bundle)), MediaTypes.OciIndex);

        FetchedSignatures found = await FetchAsync(limits);

        Assert.Equal(["1", "2"], found.Signatures.Select(signature => Text(signature.Payload)));
        Assert.Contains(found.Problems, problem => problem.Contains("(SignaturePayloadBytes)", StringComparison.Ordinal));
        Assert.Contains(found.Problems, problem => problem.Contains("(SignatureChainBytes)", StringComparison.Ordinal));
        Assert.Contains(found.Problems, problem => problem.Contains("(SignatureBundleBytes)", StringComparison.Ordinal));
        Assert.Contains("2 artifacts that refer to the image were left out (Referrers)", found.Problems);
        Assert.Contains("1 signatures were left out (SignaturesPerImage)", found.Problems);
    }

    [Fact]
    public async Task ABlobThatIsNotWhatItsDigestSaysIsSaid()
    {
        HoldUnder($"{Tag}.sig", Layer("payload"u8.ToArray(), "c2ln"));
        _held[$"/v2/team/app/blobs/{Digest.OfBytes("payload"u8)}"] = ("tampere"u8.ToArray(), "");

        FetchedSignatures found = await FetchAsync();

        Assert.Empty(found.Signatures);
        Assert.NotEmpty(found.Problems);
        Assert.False(found.IsComplete);
    }

    [Theory]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("not json")]
    [InlineData("{\"layers\":[{\"digest\":5},{\"mediaType\":\"\\ud800\"},7]}")]
    [InlineData("{\"manifests\":[{\"digest\":5},{\"artifactType\":\"\\ud800\"},7]}")]
    [InlineData("{\"layers\":{},\"manifests\":{}}")]
    public async Task NonsenseIsNoSignature(string manifest)
    {
        Hold($"{Tag}.sig", manifest, MediaTypes.OciManifest);
        Hold($"/v2/team/app/referrers/{MadeSignatures.Image}", manifest, MediaTypes.OciIndex);

        Assert.Empty((await FetchAsync()).Signatures);
    }

    [Fact]
    public async Task OneWayThatFailsLeavesTheOther()
    {
        HoldUnder($"{Tag}.sig", Layer("payload"u8.ToArray(), "c2ln"));
        _held[$"/v2/team/app/referrers/{MadeSignatures.Image}"] = ([], "forbidden");

        FetchedSignatures found = await FetchAsync();

        Assert.Single(found.Signatures);
        Assert.False(found.IsComplete);
        Assert.Contains("status=403", Assert.Single(found.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyIsAskedWhereFetchingIsOff()
    {
        FetchedSignatures found = await FetchAsync(settings: new SignatureSettings { Fetch = false });

        Assert.Empty(found.Signatures);
        Assert.Empty(_registry.Requests);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string MadeBundle(string predicate)
    {
        string statement = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($$"""{"_type":"https://in-toto.io/Statement/v1","predicateType":"{{predicate}}"}"""));
        string envelope = $$"""{"payload":"{{statement}}","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"cmF3"}]}""";
        return $$"""{"mediaType":"{{Bundle}}","verificationMaterial":{},"dsseEnvelope":{{envelope}} }""";
    }

    private static string Index(params (string Digest, string ArtifactType)[] entries)
    {
        IEnumerable<string> all = entries.Select(entry =>
            $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{entry.Digest.Split(' ')[0]}}","size":{{entry.Digest.Split(' ').ElementAtOrDefault(1) ?? "9"}},"artifactType":"{{entry.ArtifactType}}"}""");
        return $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(',', all)}}]}""";
    }

    private static (byte[] Bytes, string MediaType, string Annotations) Layer(byte[] payload, string signature, string chain = "") =>
        (payload, SimpleSigning, $$"""{"dev.cosignproject.cosign/signature":"{{signature}}","dev.sigstore.cosign/chain":"{{chain}}"}""");

    private void Hold(string path, string text, string mediaType) => _held[path] = (Encoding.UTF8.GetBytes(text), mediaType);

    private void HoldUnder(string path, params (byte[] Bytes, string MediaType, string Annotations)[] layers) =>
        Hold(path, ManifestOf(layers), MediaTypes.OciManifest);

    // Digest and size of the manifest that holds the layers.
    private string HoldArtifact(params (byte[] Bytes, string MediaType, string Annotations)[] layers)
    {
        string manifest = ManifestOf(layers);
        var digest = Digest.OfBytes(Encoding.UTF8.GetBytes(manifest));
        Hold($"/v2/team/app/manifests/{digest}", manifest, MediaTypes.OciManifest);
        return $"{digest} {Encoding.UTF8.GetByteCount(manifest)}";
    }

    private string ManifestOf((byte[] Bytes, string MediaType, string Annotations)[] layers)
    {
        foreach ((byte[] bytes, _, _) in layers)
        {
            _held[$"/v2/team/app/blobs/{Digest.OfBytes(bytes)}"] = (bytes, "");
        }

        IEnumerable<string> all = layers.Select(layer =>
            $$"""{"mediaType":"{{layer.MediaType}}","digest":"{{Digest.OfBytes(layer.Bytes)}}","size":{{layer.Bytes.Length}}{{(layer.Annotations.Length > 0 ? $",\"annotations\":{layer.Annotations}" : "")}} }""");
        return $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"{{MediaTypes.OciConfig}}"},"layers":[{{string.Join(',', all)}}]}""";
    }

    private HttpResponseMessage Answer(SentRequest request)
    {
        if (!_held.TryGetValue(request.Uri.AbsolutePath, out (byte[] Bytes, string MediaType) held))
        {
            return FakeRegistry.Status(HttpStatusCode.NotFound);
        }

        return held.MediaType switch
        {
            "" => FakeRegistry.Bytes(held.Bytes),
            "forbidden" => FakeRegistry.Status(HttpStatusCode.Forbidden),
            _ => FakeRegistry.Manifest(held.Bytes, held.MediaType),
        };
    }

    private async Task<FetchedSignatures> FetchAsync(SignatureLimits? limits = null, SignatureSettings? settings = null)
    {
        var fetcher = new SignatureFetcher(
            _registry.Client(new RegistryClientSettings { Retries = 0 }), settings ?? new SignatureSettings(), limits ?? new SignatureLimits(), _registry.Time);
        return await fetcher.FetchAsync(MadeSignatures.Name, [MadeSignatures.Image], TestContext.Current.CancellationToken);
    }
}
