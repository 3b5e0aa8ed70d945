using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class DistributionWebhookTests
{
    private readonly DistributionWebhook _registry = new();

    [Theory]
    [InlineData("application/vnd.docker.distribution.manifest.list.v2+json")]
    [InlineData("application/vnd.oci.image.manifest.v1+json")]
    [InlineData("application/vnd.oci.image.index.v1+json")]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws")]
    public void TakesManifestsOfAllKinds(string mediaType) => Assert.Equal(
        [$"Push registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _registry.Events(ReadSender.Body("distribution", ("application/vnd.docker.distribution.manifest.v2+json", mediaType))));

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/vnd.docker.container.image.rootfs.diff+x-gtar")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [InlineData("application/vnd.cncf.helm.config.v1+json")]
    [InlineData("")]
    public void PassesOverBlobs(string mediaType) =>
        Assert.Empty(_registry.Events(ReadSender.Body("distribution", ("application/vnd.docker.distribution.manifest.v2+json", mediaType))));

    // Deletions have no media type (createManifestDeleteEventAndWrite and TagDeleted of
    // https://github.com/distribution/distribution/blob/v3.0.0/notifications/bridge.go).
    [Fact]
    public void TakesDeletionsByDigestAndByTagAndNotOfRepositories()
    {
        WebhookReading reading = _registry.Read(SentWebhook.MessageOf($$"""
            {"events":[
              {"action":"delete","target":{"digest":"{{SentWebhook.Digest}}","repository":"shop/cart"},"request":{"host":"registry.example.com"} },
              {"action":"delete","target":{"repository":"shop/cart","tag":"1.4.2"},"request":{"host":"registry.example.com"} },
              {"action":"delete","target":{"repository":"shop/cart"},"request":{"host":"registry.example.com"} },
              {"action":"mount","target":{"mediaType":"application/octet-stream","fromRepository":"shop/base","repository":"shop/cart"} },
              {"action":"vanish"}, 7]}
            """));

        Assert.Equal(
            [(RegistryAction.Delete, "", SentWebhook.Digest), (RegistryAction.Delete, "1.4.2", "")],
            reading.Events.Select(told => (told.Action, told.Tag, told.Digest)));
        Assert.Equal(4, reading.Ignored);
    }

    [Fact]
    public void TakesAnEmptyEnvelope() => Assert.Empty(_registry.Events("""{"events":[]}"""));
}
