using ImageScan.Core.Api.Webhooks.Providers;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class GitLabWebhookTests
{
    private readonly GitLabWebhook _gitLab = new();

    [Fact]
    public void PassesOverTheHooksOfProjects() => _gitLab.Ignores(
        """{"object_kind":"push","ref":"refs/heads/main","project":{"path_with_namespace":"shop/cart"}}""", ("X-Gitlab-Event", "Push Hook"));

    // With includereferences the registry says what a manifest refers to.
    [Fact]
    public void PassesOverManifestsThatReferToNoLayers() => Assert.Empty(_gitLab.Events(ReadSender.Body(
        "gitlab",
        ("application/vnd.docker.container.image.v1+json", "application/vnd.cncf.helm.config.v1+json"),
        ("application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.cncf.helm.chart.content.v1.tar+gzip"))));
}
