using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// What Harbor says of artifacts (https://github.com/goharbor/harbor/blob/main/src/pkg/notifier/model/event.go): in its default format and in the data
/// of CloudEvents alike. No media type is told, so charts come, too, and are refused by the scan.
/// </summary>
internal static class HarborEvents
{
    /// <summary>The event of each resource; one null for an event that is about no artifact that came or went.</summary>
    /// <param name="type">Its type in either format, or as Harbor 1.x calls it.</param>
    /// <param name="data"><c>event_data</c>, or the data of the CloudEvent.</param>
    public static IEnumerable<RegistryEvent?> Of(string type, JsonElement data)
    {
        // https://github.com/goharbor/harbor/blob/main/src/controller/event/topic.go and
        // https://github.com/goharbor/harbor/blob/main/src/pkg/notifier/formats/cloudevents.go; the names of 1.x are still sent by
        // descendants, as https://www.tencentcloud.com/document/product/1051.
        RegistryAction? action = type switch
        {
            "PUSH_ARTIFACT" or "harbor.artifact.pushed" or "pushImage" => RegistryAction.Push,
            "DELETE_ARTIFACT" or "harbor.artifact.deleted" or "deleteImage" => RegistryAction.Delete,
            _ => null,
        };
        JsonElement[] resources = [.. data.Member("resources").Items()];
        return action is null || resources.Length == 0 ? [null] : resources.Select(resource => OfResource(action.Value, resource, data.Member("repository")));
    }

    // The address is that at which Harbor is known outside (BuildImageResourceURL of
    // https://github.com/goharbor/harbor/blob/main/src/controller/event/handler/util/util.go); here it only says the host.
    private static RegistryEvent? OfResource(RegistryAction action, JsonElement resource, JsonElement repository)
    {
        if (WrittenName.Of(resource.Member("resource_url").Text()) is not { } name)
        {
            return null;
        }

        return new RegistryEvent(action, name.Host, repository.Member("repo_full_name").Text() is { Length: > 0 } full ? full : name.Repository)
        {
            Tag = resource.Member("tag").Text() is { Length: > 0 } tag ? tag : name.Tag,
            Digest = resource.Member("digest").Text() is { Length: > 0 } digest ? digest : name.Digest,
        };
    }
}
