using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// What Azure Container Registry says of one event, in webhooks and in the data of Event Grid's events alike
/// (https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference,
/// https://github.com/Azure/azure-rest-api-specs/tree/main/specification/eventgrid/data-plane/Microsoft.ContainerRegistry).
/// </summary>
internal static class AzureRegistryEvents
{
    /// <summary>The event; null for one that is about no image: <c>chart_push</c>, <c>chart_delete</c> and whatever else there may come to be.</summary>
    public static RegistryEvent? Of(JsonElement data)
    {
        // "quarantine" fires for every push, and alone while quarantine is on
        // (https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md).
        RegistryAction? action = data.Member("action").Text() switch
        {
            "push" => RegistryAction.Push,
            "delete" => RegistryAction.Delete,
            "quarantine" => RegistryAction.Quarantine,
            _ => null,
        };
        JsonElement target = data.Member("target");
        if (action is null || !PushedContent.IsImageManifest(target.Member("mediaType").Text()))
        {
            return null;
        }

        return new RegistryEvent(action.Value, data.Member("request").Member("host").Text() ?? "", target.Member("repository").Text() ?? "")
        {
            Tag = target.Member("tag").Text() ?? "",
            Digest = target.Member("digest").Text() ?? "",
        };
    }
}
