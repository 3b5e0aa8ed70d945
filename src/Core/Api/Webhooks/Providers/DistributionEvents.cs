using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// The envelope of the reference registry, of version 2 and of version 3 alike, whose media types alone differ
/// (https://github.com/distribution/distribution/blob/v2.8.3/notifications/event.go,
/// https://github.com/distribution/distribution/blob/v3.0.0/notifications/event.go).
/// </summary>
internal static class DistributionEvents
{
    /// <summary>Whether it is such an envelope.</summary>
    public static bool IsEnvelope(JsonElement body) => body.Member("events").ValueKind == JsonValueKind.Array;

    /// <summary>What its events say: pulls, mounts and single blobs are null.</summary>
    public static IEnumerable<RegistryEvent?> Of(JsonElement body) => body.Member("events").Items().Select(EventOf);

    private static RegistryEvent? EventOf(JsonElement one)
    {
        JsonElement target = one.Member("target");
        RegistryAction? action = one.Member("action").Text() switch
        {
            "push" when IsImage(target) => RegistryAction.Push,

            // Has a digest or a tag and no media type, so blobs come, too; nothing is stored under their digests.
            "delete" => RegistryAction.Delete,
            _ => null,
        };
        return action is null
            ? null
            : new RegistryEvent(action.Value, one.Member("request").Member("host").Text() ?? "", target.Member("repository").Text() ?? "")
            {
                Tag = target.Member("tag").Text() ?? "",
                Digest = target.Member("digest").Text() ?? "",
            };
    }

    // A push has always a media type, application/octet-stream for a blob. References are told if the registry is set up with "includereferences".
    private static bool IsImage(JsonElement target)
    {
        string?[] references = [.. target.Member("references").Items().Select(reference => reference.Member("mediaType").Text())];
        return target.Member("mediaType").Text() is { Length: > 0 } mediaType
            && PushedContent.IsImageManifest(mediaType)
            && PushedContent.IsImageContent(references);
    }
}
