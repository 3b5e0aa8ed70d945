using ImageScan.Core.Api.Webhooks.Providers;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class DockerHubWebhookTests
{
    private readonly DockerHubWebhook _hub = new();

    [Fact]
    public void SpeaksForDockerHubAlone() => Assert.Equal("docker.io", _hub.Registry);

    [Fact]
    public void PutsTheNameTogetherWhereItIsNotThereAsAWhole() => Assert.Equal(
        ["Push docker.io/shop/cart:1.4.2"], _hub.Events(ReadSender.Body("dockerhub", ("\"repo_name\"", "\"another_name\""))));

    [Fact]
    public void TakesAPushThatSaysNoMediaType() => Assert.Equal(
        ["Push docker.io/shop/cart:1.4.2"],
        _hub.Events("""{"callback_url":"http://169.254.169.254/","push_data":{"tag":"1.4.2"},"repository":{"repo_name":"shop/cart"}}"""));

    [Fact]
    public void PassesOverWhatIsNoImage() =>
        _hub.Ignores(ReadSender.Body("dockerhub", ("application/vnd.oci.image.index.v1+json", "application/vnd.cncf.helm.config.v1+json")));

    [Fact]
    public void PassesOverAPushWithoutATag() => _hub.Ignores(ReadSender.Body("dockerhub", ("\"1.4.2\"", "null")));
}
