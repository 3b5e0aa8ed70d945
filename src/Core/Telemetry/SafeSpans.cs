using System.Diagnostics;
using OpenTelemetry;

namespace ImageScan.Core.Telemetry;

/// <summary>
/// Takes out of every span, whoever made it, what may be a secret or a person's: paths and queries of URLs (secrets of webhooks, signatures of badges and of
/// redirects, names of images), addresses of callers, and texts of failures, which are in events too. What is left is the host, and of a request to us
/// the template of its route.
/// Must come before all that exports.
/// </summary>
internal sealed class SafeSpans : BaseProcessor<Activity>
{
    // https://opentelemetry.io/docs/specs/semconv/http/http-spans/, and the names of that convention before 1.23.
    private static readonly string[] Removed =
    [
        "url.query", "url.fragment", "http.target", "http.url", "http.client_ip", "client.address", "client.port", "network.peer.address",
        "network.peer.port", "exception.message", "exception.stacktrace",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (string tag in Removed)
        {
            if (data.GetTagItem(tag) is not null)
            {
                data.SetTag(tag, null);
            }
        }

        if (data.GetTagItem("url.path") is not null)
        {
            data.SetTag("url.path", data.GetTagItem("http.route") is string route ? $"/{route.TrimStart('/')}" : null);
        }

        if (data.GetTagItem("url.full") is { } full)
        {
            data.SetTag("url.full", Uri.TryCreate($"{full}", UriKind.Absolute, out Uri? uri) ? $"{uri.Scheme}://{uri.Authority}/" : null);
        }

        // A failure that whoever made the span has recorded: https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/.
        foreach (ref ActivityEvent happened in data.EnumerateEvents())
        {
            IEnumerable<KeyValuePair<string, object?>> kept = happened.Tags.Where(tag => !Removed.Contains(tag.Key));
            happened = new ActivityEvent(happened.Name, happened.Timestamp, new ActivityTagsCollection(kept));
        }

        if (data.Status == ActivityStatusCode.Error && data.StatusDescription is not null)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
