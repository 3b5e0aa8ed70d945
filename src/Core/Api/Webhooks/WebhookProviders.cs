using ImageScan.Core.Api.Webhooks.Providers;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>The senders of webhooks that are understood: one line each.</summary>
public static class WebhookProviders
{
    public static IReadOnlyList<IWebhookProvider> All { get; } =
    [
        new AcrWebhook(),
        new ArtifactoryWebhook(),
        new CloudEventsWebhook(),
        new DistributionWebhook(),
        new DockerHubWebhook(),
        new EcrWebhook(),
        new EventGridWebhook(),
        new GarWebhook(),
        new GenericWebhook(),
        new GitHubWebhook(),
        new GitLabWebhook(),
        new HarborWebhook(),
        new QuayWebhook(),
    ];
}
