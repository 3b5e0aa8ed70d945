using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>The name of an image that an event is about, if it is one that this webhook may speak of.</summary>
internal static class EventName
{
    /// <summary>
    /// Reads what an event says; null if it is no name. Nothing of one part may come to stand in another, as a tag with an at sign in it, and an event
    /// without tag and digest is about no image.
    /// </summary>
    /// <param name="said">The event.</param>
    /// <param name="host">Its registry, which the webhook may speak for.</param>
    public static ImageReference? Of(RegistryEvent said, string host)
    {
        if (said.Tag.Length + said.Digest.Length == 0 || (said.Digest.Length > 0 && !Digest.TryParse(said.Digest, out _)))
        {
            return null;
        }

        string name = $"{host}/{said.Repository}"
            + (said.Tag.Length > 0 ? $":{said.Tag}" : "")
            + (said.Digest.Length > 0 ? $"@{said.Digest}" : "");
        return ImageReference.TryParse(name, out ImageReference? image, out _)
            && image.Registry == host
            && (image.Remote == said.Repository || (host == DockerHub.Name && image.Remote == $"library/{said.Repository}"))
            && image.Tag == said.Tag
            && (image.Digest?.ToString() ?? "") == said.Digest
                ? image
                : null;
    }
}
