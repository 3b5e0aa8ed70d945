using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// JFrog Artifactory's events of the domain "docker" (https://docs.jfrog.com/administration/docs/event-types), signed over their body. They do not say at
/// which host images are; names are those of the repository path method, <c>host/REPOSITORY/image</c>.
/// </summary>
internal sealed class ArtifactoryWebhook : IWebhookProvider
{
    public string Name => "artifactory";

    public WebhookProof Proof => WebhookProof.Signature;

    // An HMAC-SHA256 in bare hexadecimal digits with "Use secret for payload signing", else the secret itself, which is not taken
    // (https://jfrog.com/help/r/jfrog-platform-administration-documentation/webhooks,
    // https://github.com/akuity/kargo/blob/main/pkg/webhook/external/artifactory.go).
    public string SignatureHeader => "X-JFrog-Event-Auth";

    public WebhookReading Read(WebhookMessage message)
    {
        // Documented with and without the envelope.
        JsonElement data = message.Body.Member("data") is { ValueKind: JsonValueKind.Object } inner ? inner : message.Body;
        string? type = message.Body.Member("event_type").Text();
        return type is not null && data.Member("repo_key").Text() is not null
            ? EventReading.Of(EventOf(type, message.Body.Member("domain").Text(), data))
            : throw new FormatException("Artifactory sends an object with \"event_type\" and \"data\", in which there is \"repo_key\"");
    }

    // Which repository "promoted" names, the old or the new, is not documented, so it is passed over.
    private static RegistryEvent? EventOf(string type, string? domain, JsonElement data)
    {
        RegistryAction? action = (domain ?? "docker", type) switch
        {
            ("docker", "pushed") => RegistryAction.Push,
            ("docker", "deleted") => RegistryAction.Delete,
            _ => null,
        };
        return action is null || data.Member("image_name").Text() is not { Length: > 0 } image
            ? null
            : new RegistryEvent(action.Value, "", $"{data.Member("repo_key").Text()}/{image}")
            {
                Tag = data.Member("tag").Text() ?? "",
                Digest = DigestOf(data),
            };
    }

    // The file that the event is about is the manifest: manifest.json or list.manifest.json.
    private static string DigestOf(JsonElement data) =>
        data.Member("name").Text()?.EndsWith("manifest.json", StringComparison.Ordinal) == true
        && Digest.TryParse($"sha256:{data.Member("sha256").Text()}", out Digest? digest)
            ? digest.ToString()
            : "";
}
