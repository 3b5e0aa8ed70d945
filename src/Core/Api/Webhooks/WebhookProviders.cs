namespace ImageScan.Core.Api.Webhooks;

/// <summary>The senders of webhooks that are understood: one line each.</summary>
public static class WebhookProviders
{
    public static IReadOnlyList<IWebhookProvider> All { get; } =
    [
        new GenericWebhook(),
    ];
}
