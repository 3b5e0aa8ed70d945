namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// GitLab's container registry of one's own, which sends the envelope of the registry that it comes from
/// (https://docs.gitlab.com/administration/packages/container_registry/#configure-container-registry-notifications). The hooks of projects know no images
/// (https://gitlab.com/gitlab-org/gitlab/-/issues/15385), so there is no place for their X-Gitlab-Token: a CI job that has pushed says so as <c>generic</c>.
/// </summary>
internal sealed class GitLabWebhook : IWebhookProvider
{
    public string Name => "gitlab";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message) =>
        DistributionEvents.IsEnvelope(message.Body) ? EventReading.Of(DistributionEvents.Of(message.Body))
        : message.Headers.ContainsKey("X-Gitlab-Event") ? EventReading.Ignored
        : throw new FormatException("GitLab's registry sends an object with \"events\"");
}
