using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class GitHubWebhookTests
{
    private static readonly (string Name, string Value) Package = ("X-GitHub-Event", "package");

    private readonly GitHubWebhook _gitHub = new();

    [Fact]
    public void AnswersAPing() => Assert.True(_gitHub.Read(
        SentWebhook.MessageOf("""{"zen":"Design for failure.","hook_id":1,"hook":{"type":"Organization"}}""", ("X-GitHub-Event", "ping"))).IsPing);

    [Theory]
    [InlineData("push")]
    [InlineData("workflow_run")]
    [InlineData("PACKAGE")]
    public void PassesOverOtherEvents(string kind) => _gitHub.Ignores(ReadSender.Body("github"), ("X-GitHub-Event", kind));

    [Fact]
    public void RefusesARequestThatDoesNotSayItsEvent() => Assert.Throws<FormatException>(() => _gitHub.Events(ReadSender.Body("github")));

    [Fact]
    public void PassesOverOtherActions() => _gitHub.Ignores(ReadSender.Body("github", ("\"published\"", "\"deprecated\"")), Package);

    [Fact]
    public void PassesOverPackagesThatAreNoContainers() => _gitHub.Ignores(ReadSender.Body("github", ("\"CONTAINER\"", "\"npm\"")), Package);

    // The type of GitHub's own example is "npm" while its ecosystem is "docker".
    [Fact]
    public void TakesAContainerThatIsOneByItsEcosystemAlone() => Assert.Equal(
        [$"Push ghcr.io/shop-inc/cart:1.4.2@{SentWebhook.Digest}"],
        _gitHub.Events(
            ReadSender.Body(
                "github",
                ("\"ecosystem\": \"CONTAINER\"", "\"ecosystem\": \"docker\""),
                ("\"package_type\": \"CONTAINER\"", "\"package_type\": \"npm\"")),
            Package));

    [Theory]
    [InlineData("application/vnd.docker.container.image.v1+json", "application/vnd.cncf.helm.config.v1+json")]
    [InlineData("application/vnd.docker.container.image.v1+json", "application/vnd.oci.empty.v1+json")]
    [InlineData("application/vnd.docker.container.image.v1+json", "application/vnd.wasm.config.v0+json")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.in-toto+json")]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.unknown.manifest+json")]
    public void PassesOverWhatIsNoImage(string old, string replacement) => _gitHub.Ignores(ReadSender.Body("github", (old, replacement)), Package);

    // Each manifest of an index comes by itself, without a tag.
    [Fact]
    public void TakesAVersionWithoutATag() => Assert.Equal(
        [$"Push ghcr.io/shop-inc/cart@{SentWebhook.Digest}"],
        _gitHub.Events(ReadSender.Body("github", ("\"name\": \"1.4.2\"", "\"name\": \"\""), ("cart:1.4.2\"", "cart:\"")), Package));

    [Fact]
    public void TakesTheNameFromTheOwnerWhereThereIsNoAddress() => Assert.Equal(
        [$"Push ghcr.io/shop-inc/cart:1.4.2@{SentWebhook.Digest}"],
        _gitHub.Events(ReadSender.Body("github", ("\"package_url\"", "\"another_url\"")), Package));

    // In GitHub's own example the digests are as short as commits.
    [Fact]
    public void TakesNoDigestThatIsNone() => Assert.Equal(
        ["Push ghcr.io/shop-inc/cart:1.4.2"],
        _gitHub.Events(ReadSender.Body("github", (SentWebhook.Digest, "sha256:6c62fb45fe66bfb1ea9a66abc38f6a0cc974292b")), Package));
}
