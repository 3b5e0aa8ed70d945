using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>What Google Artifact Registry publishes: <c>{"action","digest":"host/path@digest","tag":"host/path:tag"}</c>, one of the two or both.</summary>
internal static class GarEvents
{
    /// <summary>The event; null for one that is none of these.</summary>
    public static RegistryEvent? Of(JsonElement published)
    {
        RegistryAction? action = published.Member("action").Text() switch
        {
            "INSERT" => RegistryAction.Push,
            "DELETE" => RegistryAction.Delete,
            _ => null,
        };
        WrittenName? byDigest = WrittenName.Of(published.Member("digest").Text());
        WrittenName? byTag = WrittenName.Of(published.Member("tag").Text());
        if (action is null || (byDigest ?? byTag) is not { } name)
        {
            return null;
        }

        return new RegistryEvent(action.Value, name.Host, name.Repository)
        {
            // A tag of another image would be a name that nobody gave to this digest.
            Tag = byTag is not null && byTag.Host == name.Host && byTag.Repository == name.Repository ? byTag.Tag : "",
            Digest = name.Digest,
        };
    }
}
