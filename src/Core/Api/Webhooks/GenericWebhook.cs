using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>
/// Our own form, for senders that can choose theirs: one event, a list of events, or an object with the list <c>events</c>. An event is
/// <c>{"image":"ghcr.io/octo/app:1@sha256:…"}</c>, or has <c>host</c>, <c>repository</c>, <c>tag</c> and <c>digest</c>, and may have an
/// <c>action</c>: <c>push</c>, which is meant without one, <c>delete</c>, <c>quarantine</c> or <c>ping</c>; others are passed over.
/// </summary>
internal sealed class GenericWebhook : IWebhookProvider
{
    private const string Expected = "expected an event with image, or with repository and host, a list of such, or an object with the list events";

    public string Name => "generic";

    public WebhookProof Proof => WebhookProof.Signature | WebhookProof.Jwt;

    // As the receiver of Flux that this follows (https://fluxcd.io/flux/components/notification/receivers/#generic-hmac), but with the time in what is signed.
    public string SignatureHeader => "X-Signature";

    public string TimestampHeader => "X-Timestamp";

    public WebhookReading Read(WebhookMessage message)
    {
        JsonElement list = message.Body.ValueKind == JsonValueKind.Array ? message.Body : message.Body.Member("events");
        JsonElement[] items = list.ValueKind == JsonValueKind.Array ? [.. list.Items()] : [message.Body];
        if (items is [var only] && ActionOf(only) == "ping")
        {
            return WebhookReading.Ping;
        }

        JsonElement[] known = [.. items.Where(item => item.ValueKind != JsonValueKind.Object || KindOf(ActionOf(item)) is not null)];
        return new WebhookReading { Events = [.. known.Select(EventOf)], Ignored = items.Length - known.Length };
    }

    private static string ActionOf(JsonElement item) => item.Member("action").Text() ?? "push";

    private static RegistryAction? KindOf(string action) => action switch
    {
        "push" => RegistryAction.Push,
        "delete" => RegistryAction.Delete,
        "quarantine" => RegistryAction.Quarantine,
        _ => null,
    };

    private static RegistryEvent EventOf(JsonElement item)
    {
        RegistryAction action = KindOf(ActionOf(item)) ?? throw new FormatException(Expected);
        if (item.Member("image").Text() is { } name)
        {
            return ImageReference.TryParse(name, out ImageReference? image, out _) && image.Registry.Length > 0
                ? new RegistryEvent(action, image.Registry, image.Remote) { Tag = image.Tag, Digest = image.Digest?.ToString() ?? "" }
                : throw new FormatException($"{HostileText.Quote(name)} is no name of an image in a registry");
        }

        return item.Member("repository").Text() is { Length: > 0 } repository
            ? new RegistryEvent(action, item.Member("host").Text() ?? "", repository)
            {
                Tag = item.Member("tag").Text() ?? "",
                Digest = item.Member("digest").Text() ?? "",
            }
            : throw new FormatException(Expected);
    }
}
