using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>As <see cref="HttpTriggers"/>: what registries tell of.</summary>
public sealed class WebhookTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.ReceiveWebhook))]
    public Task ReceiveWebhook([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Webhook)] HttpRequest request) =>
        api.HandleAsync(Operations.ReceiveWebhook, request.HttpContext);

    [Function(nameof(Operations.ReceiveWebhookBySecret))]
    public Task ReceiveWebhookBySecret([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.WebhookBySecret)] HttpRequest request) =>
        api.HandleAsync(Operations.ReceiveWebhookBySecret, request.HttpContext);

    [Function(nameof(Operations.WebhookHandshake))]
    public Task WebhookHandshake([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = Routes.Webhook)] HttpRequest request) =>
        api.HandleAsync(Operations.WebhookHandshake, request.HttpContext);

    [Function(nameof(Operations.WebhookHandshakeBySecret))]
    public Task WebhookHandshakeBySecret([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = Routes.WebhookBySecret)] HttpRequest request) =>
        api.HandleAsync(Operations.WebhookHandshakeBySecret, request.HttpContext);
}
