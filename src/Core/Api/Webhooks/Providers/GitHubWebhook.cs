using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// GitHub's container registry: the events <c>package</c> of repositories and organisations and <c>registry_package</c> of GitHub Apps
/// (https://docs.github.com/webhooks/webhook-events-and-payloads#package), signed over their body
/// (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries).
/// </summary>
internal sealed class GitHubWebhook : IWebhookProvider
{
    public string Name => "github";

    public WebhookProof Proof => WebhookProof.Signature;

    public string SignatureHeader => "X-Hub-Signature-256";

    public string Registry => "ghcr.io";

    public WebhookReading Read(WebhookMessage message)
    {
        string kind = message.Headers["X-GitHub-Event"].ToString();
        if (kind.Length == 0 || message.Body.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("GitHub sends an object, and the header X-GitHub-Event");
        }

        return kind switch
        {
            "ping" => WebhookReading.Ping,
            "package" or "registry_package" => EventReading.Of(EventOf(message.Body, message.Body.Member(kind))),
            _ => EventReading.Ignored,
        };
    }

    private RegistryEvent? EventOf(JsonElement body, JsonElement package)
    {
        JsonElement version = package.Member("package_version");
        JsonElement container = version.Member("container_metadata");
        if (body.Member("action").Text() is not ("published" or "updated") || !IsContainer(package) || !IsImage(container.Member("manifest")))
        {
            return null;
        }

        (string host, string repository, string tag) = NameOf(package, version);
        return new RegistryEvent(RegistryAction.Push, host, repository)
        {
            Tag = container.Member("tag").Member("name").Text() is { Length: > 0 } name ? name : tag,
            Digest = DigestOf(version, container),
        };
    }

    // "CONTAINER", "container" and "docker" are seen, and an ecosystem of "docker" in a package of type "npm"
    // (https://github.com/octokit/webhooks/blob/main/payload-examples/api.github.com/package/published.docker.payload.json).
    private static bool IsContainer(JsonElement package) =>
        new[] { package.Member("package_type").Text(), package.Member("ecosystem").Text() }.Any(type =>
            string.Equals(type, "container", StringComparison.OrdinalIgnoreCase) || string.Equals(type, "docker", StringComparison.OrdinalIgnoreCase));

    // An index has a configuration of type "" and no layers; attestations have an image's configuration and layers of their own.
    private static bool IsImage(JsonElement manifest) =>
        PushedContent.IsImageManifest(manifest.Member("media_type").Text())
        && PushedContent.IsImageConfig(manifest.Member("config").Member("media_type").Text())
        && PushedContent.IsImageContent([.. manifest.Member("layers").Items().Select(layer => layer.Member("media_type").Text())]);

    // "ghcr.io/Owner/name:tag", at times with nothing behind the colon; owners keep their capitals there, images have none.
    private (string Host, string Repository, string Tag) NameOf(JsonElement package, JsonElement version) =>
        WrittenName.Of(version.Member("package_url").Text()) is { } name ? (name.Host, name.Repository.ToLowerInvariant(), name.Tag)
        : package.Member("owner").Member("login").Text() is { Length: > 0 } owner && package.Member("name").Text() is { Length: > 0 } own
            ? (Registry, $"{owner}/{own}".ToLowerInvariant(), "")
        : (Registry, "", "");

    // The version is the digest, too, where it is not a tag as in the registry before this one.
    private static string DigestOf(JsonElement version, JsonElement container) =>
        new[] { container.Member("manifest").Member("digest"), container.Member("tag").Member("digest"), version.Member("version") }
            .Select(place => place.Text()).FirstOrDefault(text => Digest.TryParse(text, out _)) ?? "";
}
