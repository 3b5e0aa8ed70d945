using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// What registries tell of.
public static partial class Operations
{
    public static Operation ReceiveWebhook { get; } = new("ReceiveWebhook", "POST", Routes.Webhook, RequiredAccess.None)
    {
        Summary = "Takes what a registry tells of, and has what was pushed scanned.",
        HasProofInBody = true,
        IsOwn = true,
        Answer = typeof(WireWebhookAnswer),
    };

    public static Operation ReceiveWebhookBySecret { get; } = new("ReceiveWebhookBySecret", "POST", Routes.WebhookBySecret, RequiredAccess.None)
    {
        Summary = "As the route without it, for senders that can be given nothing but an address.",
        HasProofInBody = true,
        IsOwn = true,
        Answer = typeof(WireWebhookAnswer),
    };

    public static Operation WebhookHandshake { get; } = new("WebhookHandshake", "OPTIONS", Routes.Webhook, RequiredAccess.None)
    {
        Summary = "Says to a sender of CloudEvents whether its events are wanted, by the headers WebHook-Allowed-Origin and WebHook-Allowed-Rate.",
        HasProofInBody = true,
        IsOwn = true,
        Answer = typeof(WireEmpty),
    };

    public static Operation WebhookHandshakeBySecret { get; } = new("WebhookHandshakeBySecret", "OPTIONS", Routes.WebhookBySecret, RequiredAccess.None)
    {
        Summary = "As the route without it.",
        HasProofInBody = true,
        IsOwn = true,
        Answer = typeof(WireEmpty),
    };

    private static IEnumerable<Operation> OfWebhooks => [ReceiveWebhook, ReceiveWebhookBySecret, WebhookHandshake, WebhookHandshakeBySecret];
}
