using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Docker Hub, which tells of pushes alone, without a digest, and has neither signature nor header to be known by
/// (https://docs.docker.com/docker-hub/repos/manage/webhooks/).
/// </summary>
internal sealed class DockerHubWebhook : IWebhookProvider
{
    public string Name => "dockerhub";

    public WebhookProof Proof => WebhookProof.Path;

    public string Registry => DockerHub.Name;

    public WebhookReading Read(WebhookMessage message)
    {
        JsonElement push = message.Body.Member("push_data");
        JsonElement repository = message.Body.Member("repository");
        if (push.ValueKind != JsonValueKind.Object || repository.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("Docker Hub sends an object with \"push_data\" and \"repository\"");
        }

        // Not in the documentation, but in requests (https://github.com/akuity/kargo/blob/main/pkg/webhook/external/dockerhub.go).
        return PushedContent.IsImageManifest(push.Member("media_type").Text())
            ? EventReading.Of(new RegistryEvent(RegistryAction.Push, Registry, NameOf(repository)) { Tag = push.Member("tag").Text() ?? "" })
            : EventReading.Ignored;
    }

    private static string NameOf(JsonElement repository) =>
        repository.Member("repo_name").Text() is { Length: > 0 } full ? full
        : repository.Member("name").Text() is { Length: > 0 } name ? $"{repository.Member("namespace").Text() ?? "library"}/{name}"
        : "";
}
