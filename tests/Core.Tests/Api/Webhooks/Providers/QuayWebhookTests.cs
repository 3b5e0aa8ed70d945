using ImageScan.Core.Api.Webhooks.Providers;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class QuayWebhookTests
{
    private readonly QuayWebhook _quay = new();

    [Fact]
    public void TakesEachTag() => Assert.Equal(
        ["Push registry.example.com/shop/cart:1.4.2", "Push registry.example.com/shop/cart:latest"],
        _quay.Events(ReadSender.Body("quay", ("[\"1.4.2\"]", "[\"1.4.2\", \"latest\"]"))));

    [Fact]
    public void TakesTagsAsTheyWereFirstSent() => Assert.Equal(
        ["Push registry.example.com/shop/cart:1.4.2"],
        _quay.Events(ReadSender.Body("quay", ("[\"1.4.2\"]", "{\"1.4.2\": \"15eaf8a9e3b1\"}"))));

    // https://github.com/quay/quay/blob/master/notifications/notificationevent.py
    [Fact]
    public void PassesOverOtherNotifications() => _quay.Ignores("""
        {
          "repository": "shop/cart", "namespace": "shop", "name": "cart", "docker_url": "registry.example.com/shop/cart",
          "homepage": "https://registry.example.com/repository/shop/cart",
          "tags": ["latest"], "image": "some-image-id",
          "vulnerability": { "id": "CVE-2026-1", "description": "", "link": "https://example.com/", "priority": "Critical" }
        }
        """);
}
