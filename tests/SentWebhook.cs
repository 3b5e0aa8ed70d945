using System.Text;
using System.Text.Json;
using ImageScan.Core.Api.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageScan.TestSupport;

/// <summary>
/// One form in which a sender tells of a push: a file of <c>tests/SentWebhooks</c>. Adding a sender is one class, one line in
/// <see cref="WebhookProviders"/> and one row here.
/// </summary>
/// <param name="Provider">The name of the sender.</param>
/// <param name="File">The file, without its ending.</param>
/// <param name="Image">What it is about, as the sender says it: <c>host/repository[:tag][@digest]</c>.</param>
internal sealed record SentWebhook(string Provider, string File, string Image)
{
    /// <summary>The host in files of senders that may be anywhere.</summary>
    public const string AnyHost = "registry.example.com";

    public const string Digest = "sha256:769e1eb6c3bf9cc9219dc55da3003e90c506290421839bd6367da3df960879b3";

    private const string Cart = $"{AnyHost}/shop/cart:1.4.2@{Digest}";
    private const string EcrCart = $"123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart:1.4.2@{Digest}";
    private const string GitHubCart = $"ghcr.io/shop-inc/cart:1.4.2@{Digest}";

    public static IReadOnlyList<SentWebhook> All { get; } =
    [
        new("acr", "acr", Cart) { UserAgent = "AzureContainerRegistry/1.0" },
        new("acr", "acr-quarantine", Cart) { UserAgent = "AzureContainerRegistry/1.0", Action = RegistryAction.Quarantine },
        new("artifactory", "artifactory", Cart) { HasNoHost = true },
        new("cloudevents", "cloudevents-batch", Cart) { ContentType = "application/cloudevents-batch+json", Ignored = 1 },
        new("cloudevents", "cloudevents-binary", Cart)
        {
            Headers = [("ce-specversion", "1.0"), ("ce-type", "com.example.registry.image.pushed"), ("ce-source", "https://example.com/"), ("ce-id", "1")],
        },
        new("cloudevents", "cloudevents-ecr", EcrCart) { ContentType = "application/cloudevents+json" },
        new("cloudevents", "eventgrid-cloudevent", Cart) { ContentType = "application/cloudevents+json" },
        new("cloudevents", "harbor-cloudevents", Cart) { ContentType = "application/cloudevents+json" },
        new("distribution", "distribution", Cart) { ContentType = "application/vnd.docker.distribution.events.v1+json", Ignored = 2 },
        new("distribution", "distribution", Cart) { ContentType = "application/vnd.docker.distribution.events.v2+json", Ignored = 2 },
        new("dockerhub", "dockerhub", "docker.io/shop/cart:1.4.2"),
        new("ecr", "ecr", EcrCart),
        new("eventgrid", "eventgrid", Cart) { Headers = [("aeg-event-type", "Notification")] },
        new("eventgrid", "eventgrid-cloudevent", Cart) { ContentType = "application/cloudevents+json", Headers = [("aeg-event-type", "Notification")] },
        new("gar", "gar", Cart),
        new("gar", "gar-unwrapped", Cart) { Headers = [("x-goog-pubsub-message-id", "7214592311842105")] },
        new("generic", "generic", Cart) { Ignored = 1 },
        new("github", "github", GitHubCart) { Headers = [("X-GitHub-Event", "package"), ("X-GitHub-Delivery", "0a1b2c3d")] },
        new("github", "github-app", GitHubCart) { Headers = [("X-GitHub-Event", "registry_package"), ("X-GitHub-Delivery", "0a1b2c3e")] },
        new("gitlab", "gitlab", Cart) { ContentType = "application/vnd.docker.distribution.events.v1+json", Ignored = 2 },
        new("harbor", "harbor", Cart),
        new("harbor", "harbor-cloudevents", Cart) { ContentType = "application/cloudevents+json" },
        new("quay", "quay", $"{AnyHost}/shop/cart:1.4.2"),
    ];

    public string ContentType { get; init; } = "application/json";

    /// <summary>What it comes with besides.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string UserAgent { get; init; } = "sender/1.0";

    public RegistryAction Action { get; init; } = RegistryAction.Push;

    /// <summary>How many events of it are about no push of an image.</summary>
    public int Ignored { get; init; }

    /// <summary>Whether it does not say at which registry the image is.</summary>
    public bool HasNoHost { get; init; }

    /// <summary>The body, with another host and digest in place of those of the file.</summary>
    public string Body(string host = AnyHost, string digest = Digest)
    {
        string message = Convert.ToBase64String(Encoding.UTF8.GetBytes(In(Text("gar-unwrapped"), host, digest)));
        return In(Text(File), host, digest).Replace("MESSAGE", message, StringComparison.Ordinal);
    }

    /// <summary>What it is about, with that host and digest.</summary>
    public string ImageAt(string host, string digest = Digest) => In(Image, host, digest);

    /// <summary>The request as its provider gets it.</summary>
    public WebhookMessage Message() => MessageOf(Body(), Headers);

    public static WebhookMessage MessageOf(string body, params IEnumerable<(string Name, string Value)> headers)
    {
        var dictionary = new HeaderDictionary();
        foreach ((string name, string value) in headers)
        {
            dictionary[name] = value;
        }

        return new WebhookMessage(dictionary, JsonSerializer.Deserialize<JsonElement>(body));
    }

    public override string ToString() => $"{Provider}: {File} ({ContentType})";

    private static string Text(string file) => System.IO.File.ReadAllText(Repository.Path("tests", "SentWebhooks", $"{file}.json"));

    // Artifactory gives the digest without its algorithm.
    private static string In(string text, string host, string digest) =>
        text.Replace(AnyHost, host, StringComparison.Ordinal).Replace(Digest[7..], digest[7..], StringComparison.Ordinal);
}
