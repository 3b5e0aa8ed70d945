using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class HarborWebhookTests
{
    private readonly HarborWebhook _harbor = new();

    [Theory]
    [InlineData("PUSH_ARTIFACT", "Push")]
    [InlineData("pushImage", "Push")]
    [InlineData("DELETE_ARTIFACT", "Delete")]
    [InlineData("deleteImage", "Delete")]
    public void KnowsTheTypesOfBothGenerations(string type, string action) => Assert.Equal(
        [$"{action} registry.example.com/shop/cart:1.4.2@{SentWebhook.Digest}"], _harbor.Events(ReadSender.Body("harbor", ("PUSH_ARTIFACT", type))));

    [Theory]
    [InlineData("PULL_ARTIFACT")]
    [InlineData("SCANNING_COMPLETED")]
    [InlineData("QUOTA_EXCEED")]
    [InlineData("REPLICATION")]
    [InlineData("TAG_RETENTION")]
    [InlineData("uploadChart")]
    [InlineData("TEST_ENDPOINT")]
    public void PassesOverOtherTypes(string type) => _harbor.Ignores(ReadSender.Body("harbor", ("PUSH_ARTIFACT", type)));

    // https://github.com/goharbor/harbor/issues/19982
    [Fact]
    public void TakesADigestThatStandsInPlaceOfATag() => Assert.Equal(
        [$"Push registry.example.com/shop/cart@{SentWebhook.Digest}"],
        _harbor.Events(ReadSender.Body("harbor", ("\"tag\": \"1.4.2\"", $"\"tag\": \"{SentWebhook.Digest}\""), (":1.4.2\"", $"@{SentWebhook.Digest}\""))));

    [Fact]
    public void TakesTheHostWithItsPortOffTheAddress() => Assert.Equal(
        [$"Push 10.0.0.7:8443/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _harbor.Events(ReadSender.Body("harbor", ("registry.example.com/", "https://10.0.0.7:8443/"))));

    [Fact]
    public void TakesEachResource() => Assert.Equal(
        ["Push registry.example.com/shop/cart:1", "Push registry.example.com/shop/cart:2"],
        _harbor.Events("""
            {"type":"PUSH_ARTIFACT","event_data":{"resources":[
                {"tag":"1","resource_url":"registry.example.com/shop/cart:1"},{"resource_url":"registry.example.com/shop/cart:2"},{"tag":"3"}]}}
            """));

    [Fact]
    public void PassesOverAnEventWithoutResources() => _harbor.Ignores("""{"type":"PUSH_ARTIFACT","event_data":{"resources":[]}}""");
}
