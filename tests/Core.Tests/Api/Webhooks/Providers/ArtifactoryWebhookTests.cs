using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class ArtifactoryWebhookTests
{
    private readonly ArtifactoryWebhook _artifactory = new();

    // As jfrog.com/help has it: without an envelope (https://jfrog.com/help/r/jfrog-platform-administration-documentation/domain-docker).
    [Fact]
    public void ReadsAnEventWithoutItsEnvelope() => Assert.Equal(
        [$"Push /docker-remote-cache/library/ubuntu:latest@{SentWebhook.Digest}"],
        _artifactory.Events($$"""
            {
              "repo_key": "docker-remote-cache", "event_type": "pushed", "path": "library/ubuntu/latest/list.manifest.json", "name": "list.manifest.json",
              "sha256": "{{SentWebhook.Digest[7..]}}", "size": 1206, "image_name": "library/ubuntu", "tag": "latest",
              "platforms": [{ "architecture": "amd64", "os": "linux" }, { "architecture": "arm64", "os": "linux" }]
            }
            """));

    [Fact]
    public void TakesADeletion() => Assert.Equal(
        [$"Delete /shop/cart:1.4.2@{SentWebhook.Digest}"], _artifactory.Events(ReadSender.Body("artifactory", ("\"pushed\"", "\"deleted\""))));

    [Fact]
    public void TakesNoDigestOfAFileThatIsNoManifest() => Assert.Equal(
        ["Push /shop/cart:1.4.2"], _artifactory.Events(ReadSender.Body("artifactory", ("\"name\": \"manifest.json\"", "\"name\": \"cart.txt\""))));

    [Theory]
    [InlineData("\"pushed\"", "\"promoted\"")]
    [InlineData("\"domain\": \"docker\"", "\"domain\": \"artifact\"")]
    [InlineData("\"image_name\": \"cart\"", "\"image_name\": \"\"")]
    public void PassesOverOtherEvents(string old, string replacement) => _artifactory.Ignores(ReadSender.Body("artifactory", (old, replacement)));
}
