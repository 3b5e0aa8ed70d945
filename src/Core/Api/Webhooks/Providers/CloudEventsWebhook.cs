using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// CloudEvents in any mode: those of Azure Container Registry, Harbor, Amazon ECR (by an input transformer) and Pub/Sub, and any other whose type ends in
/// a word of <see cref="ActionOf"/> and whose data has <c>host</c>, <c>repository</c>, <c>tag</c> and <c>digest</c>, the last one or both of them.
/// </summary>
internal sealed class CloudEventsWebhook : IWebhookProvider
{
    public string Name => "cloudevents";

    public WebhookProof Proof => WebhookProof.Header | WebhookProof.Path | WebhookProof.Jwt;

    public WebhookReading Read(WebhookMessage message)
    {
        CloudEvent?[] events = [.. CloudEvent.In(message)];
        return Array.Exists(events, one => one is not null)
            ? EventReading.Of(events.SelectMany(one => one is null ? [null] : EventsOf(one)))
            : throw new FormatException(
                "CloudEvents come as an object with \"specversion\" and \"type\", as an array of these, or with the headers ce-specversion and ce-type");
    }

    private static IEnumerable<RegistryEvent?> EventsOf(CloudEvent cloudEvent) => cloudEvent.Type switch
    {
        // https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/pubsub/v1/events.proto
        "google.cloud.pubsub.topic.v1.messagePublished" => [GarEvents.Of(PubSubMessage.DataOf(cloudEvent.Data))],
        var type when Begins(type, "Microsoft.ContainerRegistry.") => [AzureRegistryEvents.Of(cloudEvent.Data)],
        var type when Begins(type, "harbor.") => HarborEvents.Of(type, cloudEvent.Data),
        var type when Begins(type, "com.amazon.ecr.") => [EcrEvents.Of(cloudEvent)],
        _ => [OfAnybody(cloudEvent)],
    };

    private static bool Begins(string type, string with) => type.StartsWith(with, StringComparison.Ordinal);

    private static RegistryEvent? OfAnybody(CloudEvent cloudEvent)
    {
        JsonElement data = cloudEvent.Data;
        return ActionOf(cloudEvent.Type) is not { } action || !PushedContent.IsImageManifest(data.Member("mediaType").Text())
            ? null
            : new RegistryEvent(action, data.Member("host").Text() ?? "", data.Member("repository").Text() ?? "")
            {
                Tag = data.Member("tag").Text() ?? "",
                Digest = data.Member("digest").Text() ?? "",
            };
    }

    private static RegistryAction? ActionOf(string type) => type[(type.LastIndexOf('.') + 1)..] switch
    {
        "push" or "pushed" or "publish" or "published" => RegistryAction.Push,
        "delete" or "deleted" => RegistryAction.Delete,
        _ => null,
    };
}
