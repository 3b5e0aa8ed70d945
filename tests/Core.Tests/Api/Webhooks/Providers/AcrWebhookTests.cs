using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class AcrWebhookTests
{
    private readonly AcrWebhook _acr = new();

    [Fact]
    public void AnswersAPing() => Assert.True(_acr.Read(SentWebhook.MessageOf("""{"action":"ping"}""")).IsPing);

    [Fact]
    public void TakesAPushWithoutATag() => Assert.Equal(
        [$"Push registry.example.com/shop/cart@{SentWebhook.Digest}"], _acr.Events(ReadSender.Body("acr", ("\"1.4.2\"", "\"\""))));

    // Of a deletion there is no tag (https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference#delete-event).
    [Fact]
    public void TakesADeletion()
    {
        string body = $$"""
            {
              "id": "afc359ce-df7f-4e32-bdde-1ff8aa80927b",
              "timestamp": "2026-05-04T09:00:53.657764628Z",
              "action": "delete",
              "target": {
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "digest": "{{SentWebhook.Digest}}",
                "repository": "shop/cart"
              },
              "request": { "id": "3d78b540-ab61-4f75-807f-7ca9ecf445b7", "host": "shop.azurecr.io", "method": "DELETE", "useragent": "python-requests/2.32" }
            }
            """;

        Assert.Equal([$"Delete shop.azurecr.io/shop/cart@{SentWebhook.Digest}"], _acr.Events(body));
    }

    // Charts come without a request, so without a host
    // (https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference#chart-push-event).
    [Theory]
    [InlineData("chart_push", "application/vnd.acr.helm.chart")]
    [InlineData("chart_delete", "application/vnd.acr.helm.chart")]
    [InlineData("push", "application/vnd.acr.helm.chart")]
    [InlineData("push", "application/vnd.unknown.manifest+json")]
    [InlineData("purge", "application/vnd.oci.image.manifest.v1+json")]
    public void PassesOverWhatIsNoImage(string action, string mediaType) => _acr.Ignores($$"""
        {
          "id": "6356e9e0-627f-4fed-xxxx-d9059b5143ac",
          "timestamp": "2026-05-04T09:45:31.2614267Z",
          "action": "{{action}}",
          "target": {
            "mediaType": "{{mediaType}}",
            "size": 25265,
            "digest": "{{SentWebhook.Digest}}",
            "repository": "shop/charts",
            "tag": "cart-0.1.0.tgz",
            "name": "cart",
            "version": "0.1.0"
          }
        }
        """);

    [Theory]
    [InlineData("sha256-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3.sig")]
    [InlineData("sha256-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3.att")]
    [InlineData("sha256-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3.sbom")]
    [InlineData("prefix-sha256-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3.sig")]
    [InlineData("sha256-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3")]
    public void PassesOverWhatLiesBesideImages(string tag) => _acr.Ignores(ReadSender.Body("acr", ("1.4.2", tag)));

    [Theory]
    [InlineData("v1.sig")]
    [InlineData("sha256-769e1eb6")]
    [InlineData("build-769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3")]
    public void TakesTagsThatOnlyLookLikeThese(string tag) =>
        Assert.Equal([$"Push registry.example.com/shop/cart:{tag}@{SentWebhook.Digest}"], _acr.Events(ReadSender.Body("acr", ("1.4.2", tag))));
}
