namespace ImageScan.Core.Api;

// What registries tell of.
public static partial class Routes
{
    public const string Webhook = "v1/webhooks/{provider}";
    public const string WebhookBySecret = "v1/webhooks/{provider}/{secret}";
}
