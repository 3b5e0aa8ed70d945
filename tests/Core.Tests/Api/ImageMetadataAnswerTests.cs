using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Api;

public sealed class ImageMetadataAnswerTests
{
    [Fact]
    public void TakesTheTimeOfTheScanWhereATimeIsMissing()
    {
        Scan scan = MadeScan.Of() with { Config = new ImageConfig { Author = "me", History = [Step(false) with { Author = "first" }, Step(true) with { Author = "last" }] } };

        WireV1Metadata metadata = ImageMetadataAnswer.Of(scan, "docker.io").V1!;

        Assert.Equal((MadeScan.ScannedAt, MadeScan.ScannedAt), (metadata.Created, metadata.Layers[0].Created));
        Assert.Equal(("last", "root"), (metadata.Author, metadata.User));
    }

    [Fact]
    public void HasNoManifestDigestAndNoSourceForAnArchive()
    {
        Scan scan = MadeScan.Of();

        WireMetadata metadata = ImageMetadataAnswer.Of(scan with { Manifest = scan.Manifest with { Digest = null } }, "");

        Assert.Null(metadata.V2);
        Assert.Null(metadata.DataSource);
    }

    [Theory]
    [InlineData("docker.io", "10d3b4dc-8295-41bc-bb50-6da5484cdb1a", "Public DockerHub")]
    [InlineData("registry.k8s.io", "f6ce8982-1a75-4430-96f3-9b22b4b66604", "Public Kubernetes Registry")]
    [InlineData("gcr.io", "05fea766-e2f8-44b3-9959-eaa61a4f7466", "Public GCR")]
    [InlineData("quay.io", "e50087f1-6840-4d15-aeca-21ba636f0878", "Public Quay.io")]
    [InlineData("mcr.microsoft.com", "4b36a1c3-2d6f-452e-a70f-6c388a0ff947", "Public Microsoft Container Registry")]
    [InlineData("public.ecr.aws", "5febb194-a21d-4109-9fad-6880dd632adc", "Public Amazon ECR")]
    [InlineData("registry.access.redhat.com", "54107745-5717-49c1-9073-a2b72f7a3b49", "registry.access.redhat.com")]
    public void NamesTheDefaultIntegrations(string host, string id, string name) =>
        Assert.Equal(new WireDataSource { Id = id, Name = name }, DataSources.OfRegistry(host));

    [Fact]
    public void GivesOtherRegistriesAnIdOfTheirOwn()
    {
        WireDataSource first = DataSources.OfRegistry("registry.example.com:5000");
        WireDataSource second = DataSources.OfRegistry("registry.example.com");

        Assert.Equal("registry.example.com:5000", first.Name);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, DataSources.OfRegistry("registry.example.com:5000").Id);
        Assert.Equal('8', Guid.Parse(first.Id).ToString()[14]);
    }

    private static HistoryEntry Step(bool empty) => new(Created: null, "RUN x", "", empty);
}
