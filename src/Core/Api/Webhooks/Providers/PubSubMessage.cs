using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>What Pub/Sub pushes (https://cloud.google.com/pubsub/docs/push#receive_push).</summary>
internal static class PubSubMessage
{
    /// <summary>Whether it is in its envelope.</summary>
    public static bool IsWrapped(JsonElement body) => body.Member("message").ValueKind == JsonValueKind.Object;

    /// <summary>What was published; <c>default</c> if that is no JSON. Throws <see cref="FormatException"/> for an envelope whose data is no base64.</summary>
    public static JsonElement DataOf(JsonElement body) =>
        IsWrapped(body) ? EmbeddedJson.InBase64(body.Member("message").Member("data").Text() ?? "") : body;
}
