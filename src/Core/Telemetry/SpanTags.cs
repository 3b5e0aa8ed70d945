namespace ImageScan.Core.Telemetry;

/// <summary>
/// What spans and metrics are tagged with. Metrics have tags of few values alone; spans may name digests, jobs and registries' hosts, and nothing names an
/// image, a caller or a secret.
/// </summary>
public static class SpanTags
{
    /// <summary>https://opentelemetry.io/docs/specs/semconv/registry/attributes/messaging/.</summary>
    public const string Queue = "messaging.destination.name";

    /// <summary>https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/: the type of what was thrown.</summary>
    public const string Error = "error.type";

    /// <summary>https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span, as the two that follow.</summary>
    public const string Host = "server.address";
    public const string Method = "http.request.method";
    public const string StatusCode = "http.response.status_code";

    public const string Job = "imagescan.job";
    public const string Image = "imagescan.image.digest";
    public const string Layer = "imagescan.layer.digest";
    public const string Bytes = "imagescan.layer.bytes";
    public const string Registry = "imagescan.registry";
    public const string Route = "imagescan.route";
    public const string Result = "imagescan.result";
    public const string Cache = "imagescan.cache";
    public const string State = "imagescan.state";
    public const string Phase = "imagescan.phase";
    public const string Severity = "imagescan.severity";
    public const string Feed = "imagescan.feed";
    public const string Operation = "imagescan.operation";
    public const string Status = "imagescan.status";
}
