using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Quay's notification "Push to Repository" (https://github.com/quay/quay/blob/master/notifications/__init__.py): the tags that were pushed, without
/// digests, and nothing to be known by but the address that it is sent to. A template of one's own must keep these members.
/// </summary>
internal sealed class QuayWebhook : IWebhookProvider
{
    public string Name => "quay";

    public WebhookProof Proof => WebhookProof.Path;

    public WebhookReading Read(WebhookMessage message)
    {
        if (WrittenName.Of(message.Body.Member("docker_url").Text()) is not { } name)
        {
            throw new FormatException("Quay sends an object with \"docker_url\" and, for a push, \"updated_tags\"");
        }

        // Notifications of other kinds, as of builds and of findings, have no such tags.
        string[] tags = [.. TagsOf(message.Body.Member("updated_tags"))];
        return tags.Length == 0
            ? EventReading.Ignored
            : EventReading.Of(tags.Select(tag => new RegistryEvent(RegistryAction.Push, name.Host, name.Repository) { Tag = tag }));
    }

    // At first it was an object of tags and ids of images (https://gist.github.com/jakedt/7533338).
    private static IEnumerable<string> TagsOf(JsonElement tags) =>
        [.. tags.Items().Select(tag => tag.Text()).OfType<string>(), .. tags.Members().Select(tag => tag.NameText()).OfType<string>()];
}
