using System.Text;
using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Tests.Images.Registries;

namespace ImageScan.Core.Tests.Images;

public sealed class ManifestDocumentTests
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    [Fact]
    public void ReadsAnImage()
    {
        ManifestDocument document = Decode(TestImages.Manifest);

        Assert.Null(document.Index);
        Assert.Equal(FakeRegistry.DescriptorOf(TestImages.Config, MediaTypes.OciConfig), document.Image!.Config);
        Assert.Equal([FakeRegistry.DescriptorOf(TestImages.Layer)], document.Image.Layers);
    }

    [Fact]
    public void ReadsTheEntriesOfAnIndex()
    {
        ManifestDocument document = Decode(TestImages.IndexOf(TestImages.Entry(Nothing, "linux/arm/v7"), TestImages.Entry(Nothing, "")));

        Assert.Equal([new Platform("linux", "arm", "v7"), null], document.Index!.Select(entry => entry.Platform));
    }

    [Theory]
    [InlineData("unknown/unknown", "")]
    [InlineData("linux/amd64", ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}")]
    public void KnowsAttestations(string platform, string more)
    {
        ManifestDocument document = Decode(TestImages.IndexOf(TestImages.Entry(Nothing, platform, more)));

        Assert.True(document.Index![0].IsAttestation);
    }

    [Theory]
    [InlineData("application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "", "is a Helm chart, not an image")]
    [InlineData(MediaTypes.OciConfig, "application/vnd.dev.cosign.simplesigning.v1+json", "", "is a cosign signature, not an image")]
    [InlineData(MediaTypes.OciConfig, "application/vnd.in-toto+json", "", "is a build attestation, not an image")]
    [InlineData("application/vnd.oci.empty.v1+json", "text/plain", "\"artifactType\":\"application/vnd.example.sbom\",", "is an artifact of type \"application/vnd.example.sbom\", not an image")]
    [InlineData("application/vnd.wasm.config.v0+json", "application/wasm", "", "is an artifact of type \"application/vnd.wasm.config.v0+json\", not an image")]
    [InlineData(MediaTypes.OciConfig, "application/x-model", "", "is an artifact with content of type \"application/x-model\", not an image")]
    [InlineData(MediaTypes.OctetStream, "application/x-model", "", "is an artifact of type \"application/octet-stream\", not an image")]
    public void RefusesArtifactsByName(string configType, string layerType, string more, string reason)
    {
        byte[] bytes = TestImages.ManifestOf(TestImages.Config, [TestImages.Layer], configType, layerType, more);

        RegistryException e = Assert.Throws<RegistryException>(() => Decode(bytes));

        Assert.Equal($"{FakeRegistry.DigestOf(bytes)} {reason}.", e.Message);
    }

    [Fact]
    public void ReadsAnImageThatADockerBefore110Pushed() =>
        Assert.NotNull(Decode(TestImages.ManifestOf(TestImages.Config, [TestImages.Layer], MediaTypes.OctetStream, MediaTypes.DockerLayerTarGzip)).Image);

    [Theory]
    [InlineData("{\"schemaVersion\":1,\"name\":\"n\",\"fsLayers\":[]}", "", "Docker schema 1")]
    [InlineData("{\"schemaVersion\":1}", MediaTypes.DockerSchema1Signed, "Docker schema 1")]
    [InlineData("{}", "", "no image manifest and no index")]
    [InlineData("[]", "", "no image manifest and no index")]
    [InlineData("nonsense", "", "is no manifest")]
    [InlineData("{\"manifests\":[],\"layers\":[]}", "", "a manifest and an index at once")]
    [InlineData("{\"manifests\":[],\"manifests\":[]}", "", "is no manifest")]
    [InlineData("{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}", MediaTypes.OciManifest, "calls itself")]
    [InlineData("{\"manifests\":[]}", MediaTypes.OciManifest, "no image manifest and no index")]
    [InlineData("{\"config\":{},\"layers\":[]}", MediaTypes.OciManifest, "without a usable digest")]
    [InlineData("{\"manifests\":[{\"digest\":\"sha256:x\"}]}", "", "without a usable digest")]
    [InlineData("{\"manifests\":[5]}", "", "without a usable digest")]
    public void RefusesWhatItCannotRead(string json, string contentType, string reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        RegistryException e = Assert.Throws<RegistryException>(() => ManifestDocument.Decode(bytes, FakeRegistry.DigestOf(bytes), contentType, new ImageLimits()));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("\"5\"")]
    public void RefusesASizeThatIsNone(string size)
    {
        string json = Encoding.UTF8.GetString(TestImages.Manifest).Replace($"\"size\":{TestImages.Layer.Length}", $"\"size\":{size}", StringComparison.Ordinal);

        RegistryException e = Assert.Throws<RegistryException>(() => Decode(Encoding.UTF8.GetBytes(json)));

        Assert.Contains("no usable size", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesMoreLayersThanAllowed()
    {
        var limits = new ImageLimits { LayersPerImage = 2 };
        Assert.NotNull(Decode(TestImages.ManifestOf(TestImages.Config, [TestImages.Layer, TestImages.Layer]), limits).Image);

        RegistryException e = Assert.Throws<RegistryException>(() => Decode(TestImages.ManifestOf(TestImages.Config, [TestImages.Layer, TestImages.Layer, TestImages.Layer]), limits));

        Assert.Contains("(LayersPerImage)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesMoreIndexEntriesThanAllowed()
    {
        string entry = TestImages.Entry(Nothing, "linux/amd64");

        RegistryException e = Assert.Throws<RegistryException>(() => Decode(TestImages.IndexOf(entry, entry, entry), new ImageLimits { IndexEntries = 2 }));

        Assert.Contains("(IndexEntries)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesJsonNestedTooDeep()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));

        RegistryException e = Assert.Throws<RegistryException>(() => Decode(Encoding.UTF8.GetBytes($"{{\"x\":{deep}}}")));

        Assert.Contains("is no manifest", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrowsOnlyRegistryExceptionsWhateverTheBytes() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, TestImages.Manifest.Length - 1], Gen.Byte.Array[0, 12]).Sample((which, at, bytes) =>
        {
            byte[] document = which == 0 ? TestImages.Manifest : TestImages.IndexOf(TestImages.Entry(Nothing, "linux/arm/v7"));
            at = Math.Min(at, document.Length);
            byte[] mutated = [.. document[..at], .. bytes, .. document[Math.Min(document.Length, at + bytes.Length)..]];
            try
            {
                Decode(mutated);
            }
            catch (RegistryException)
            {
                // The documented answer.
            }
        });

    private static ManifestDocument Decode(byte[] bytes, ImageLimits? limits = null) =>
        ManifestDocument.Decode(bytes, FakeRegistry.DigestOf(bytes), "", limits ?? new ImageLimits());
}
