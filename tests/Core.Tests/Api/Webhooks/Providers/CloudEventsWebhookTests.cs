using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class CloudEventsWebhookTests
{
    private const string Data = $$"""{"host":"registry.example.com","repository":"shop/cart","tag":"1.4.2","digest":"{{SentWebhook.Digest}}"}""";

    private readonly CloudEventsWebhook _cloudEvents = new();

    [Theory]
    [InlineData("com.example.image.push", "Push")]
    [InlineData("com.example.image.pushed", "Push")]
    [InlineData("com.example.image.published", "Push")]
    [InlineData("com.example.image.delete", "Delete")]
    [InlineData("deleted", "Delete")]
    public void ReadsTheActionOffTheEndOfAnyType(string type, string action) => Assert.Equal(
        [$"{action} registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _cloudEvents.Events($$"""{"specversion":"1.0","type":"{{type}}","source":"/","id":"1","data":{{Data}}}"""));

    [Theory]
    [InlineData("com.example.image.pulled")]
    [InlineData("com.example.pushed.later")]
    [InlineData("com.amazon.ecr.image.pull")]
    [InlineData("harbor.artifact.pulled")]
    [InlineData("harbor.scan.completed")]
    [InlineData("Microsoft.ContainerRegistry.ChartPushed")]
    public void PassesOverOtherTypes(string type) =>
        _cloudEvents.Ignores($$"""{"specversion":"1.0","type":"{{type}}","source":"/","id":"1","data":{{Data}}}""");

    [Fact]
    public void ReadsPercentEncodedHeaders() => Assert.Equal(
        [$"Push 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _cloudEvents.Events(
            $$"""{"repositoryName":"shop/cart","imageTag":"1.4.2","imageDigest":"{{SentWebhook.Digest}}"}""",
            ("ce-specversion", "1.0"),
            ("ce-type", "com.amazon.ecr.image.push"),
            ("ce-source", "urn:aws:ecr:eu-central-1:123456789012:repository%2Fshop%2Fcart")));

    [Fact]
    public void ReadsDataInBase64()
    {
        string data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Data));

        Assert.Equal(
            [$"Push registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
            _cloudEvents.Events($$"""{"specversion":"1.0","type":"image.push","source":"/","id":"1","data_base64":"{{data}}"}"""));
    }

    // Eventarc delivers Pub/Sub's envelope as the data of an event
    // (https://cloud.google.com/eventarc/docs/cloudevents-json#pubsub).
    [Fact]
    public void ReadsWhatEventarcDelivers() => Assert.Equal(
        [$"Push registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _cloudEvents.Events(
            ReadSender.Body("gar"),
            ("ce-specversion", "1.0"),
            ("ce-type", "google.cloud.pubsub.topic.v1.messagePublished"),
            ("ce-source", "//pubsub.googleapis.com/projects/shop/topics/gcr")));

    [Fact]
    public void RefusesHeadersWithoutAType() =>
        Assert.Throws<FormatException>(() => _cloudEvents.Events(Data, ("ce-specversion", "1.0"), ("ce-source", "/")));
}
