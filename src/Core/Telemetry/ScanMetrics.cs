using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageScan.Core.Telemetry;

/// <summary>
/// What is counted and measured; <c>docs/operate.md</c> explains each. Units are UCUM's, in braces what is counted
/// (https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units). Every tag has few values, known before.
/// </summary>
public static class ScanMetrics
{
    public const string Scans = "imagescan.scans";
    public const string ScanDuration = "imagescan.scan.duration";
    public const string PhaseDuration = "imagescan.phase.duration";
    public const string Layers = "imagescan.layers";
    public const string LayerBytes = "imagescan.layer.bytes";
    public const string Findings = "imagescan.findings";
    public const string Rematches = "imagescan.rematches";
    public const string QueueAge = "imagescan.queue.age";
    public const string PoisonMessages = "imagescan.queue.poison";
    public const string ResumedJobs = "imagescan.jobs.resumed";
    public const string Requests = "imagescan.requests";
    public const string RegistryRequests = "imagescan.registry.requests";
    public const string Notifications = "imagescan.notifications";
    public const string AdvisoryAge = "imagescan.advisories.age";
    public const string FeedAge = "imagescan.feed.age";

    // From a stored answer to the longest scan that the settings allow.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
    };

    private static readonly Counter<long> ScanCount = ScanTelemetry.Meter.CreateCounter<long>(Scans, "{scan}", "Scans that have ended.");

    private static readonly Histogram<double> ScanSeconds =
        ScanTelemetry.Meter.CreateHistogram(ScanDuration, "s", "From the beginning of a scan's job to its end.", advice: Seconds);

    private static readonly Histogram<double> PhaseSeconds =
        ScanTelemetry.Meter.CreateHistogram(PhaseDuration, "s", "How long a part of a scan took.", advice: Seconds);

    private static readonly Counter<long> LayerCount =
        ScanTelemetry.Meter.CreateCounter<long>(Layers, "{layer}", "Layers of images: read, or known from an earlier scan.");

    private static readonly Counter<long> ByteCount =
        ScanTelemetry.Meter.CreateCounter<long>(LayerBytes, "By", "Compressed bytes of layers that were read from registries.");

    private static readonly Counter<long> FindingCount =
        ScanTelemetry.Meter.CreateCounter<long>(Findings, "{finding}", "Findings of new scans.");

    private static readonly Counter<long> RematchCount =
        ScanTelemetry.Meter.CreateCounter<long>(Rematches, "{image}", "Stored images that were matched with newer advisories.");

    private static readonly Histogram<double> QueueSeconds =
        ScanTelemetry.Meter.CreateHistogram(QueueAge, "s", "From the sending of a message to the beginning of its work.", advice: Seconds);

    private static readonly Counter<long> PoisonCount =
        ScanTelemetry.Meter.CreateCounter<long>(PoisonMessages, "{message}", "Messages that were given up.");

    private static readonly Counter<long> ResumedCount =
        ScanTelemetry.Meter.CreateCounter<long>(ResumedJobs, "{job}", "Jobs that were sent again since their process or message was lost.");

    private static readonly Counter<long> RequestCount =
        ScanTelemetry.Meter.CreateCounter<long>(Requests, "{request}", "Requests to the API that were answered.");

    private static readonly Counter<long> RegistryCount =
        ScanTelemetry.Meter.CreateCounter<long>(RegistryRequests, "{request}", "Requests to registries and their mirrors, each stop of a redirect one.");

    private static readonly Counter<long> NotificationCount =
        ScanTelemetry.Meter.CreateCounter<long>(Notifications, "{notification}", "Tries to send notifications.");

    /// <summary>A scan has ended.</summary>
    /// <param name="result"><c>done</c> or <c>failed</c>.</param>
    /// <param name="route">Where its layers were read.</param>
    /// <param name="cache"><c>image</c> if its answer was stored, <c>layers</c> if all layers were known, else <c>none</c>.</param>
    /// <param name="error">What kind of failure it was; "" for none.</param>
    /// <param name="elapsed">How long it took; null for an answer that was stored.</param>
    public static void ScanEnded(string result, string route, string cache, string error, TimeSpan? elapsed)
    {
        var tags = new TagList { { SpanTags.Result, result }, { SpanTags.Route, route } };
        if (elapsed is { } took)
        {
            ScanSeconds.Record(took.TotalSeconds, tags);
        }

        tags.Add(SpanTags.Cache, cache);
        tags.Add(SpanTags.Error, error);
        ScanCount.Add(1, tags);
    }

    /// <summary>A part of a scan has ended, well or not.</summary>
    public static void PhaseDone(string phase, TimeSpan elapsed) =>
        PhaseSeconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(SpanTags.Phase, phase));

    /// <summary>So many layers of an image were known.</summary>
    public static void LayersKnown(int count) => LayerCount.Add(count, new KeyValuePair<string, object?>(SpanTags.State, "known"));

    /// <summary>A layer of so many compressed bytes was read.</summary>
    public static void LayerRead(long bytes)
    {
        LayerCount.Add(1, new KeyValuePair<string, object?>(SpanTags.State, "read"));
        ByteCount.Add(bytes);
    }

    /// <summary>A new scan has so many findings of a severity.</summary>
    public static void Found(string severity, int count) => FindingCount.Add(count, new KeyValuePair<string, object?>(SpanTags.Severity, severity));

    /// <summary>A stored image was matched again.</summary>
    public static void Rematched() => RematchCount.Add(1);

    /// <summary>Work on a message begins. Nothing is measured of one that does not say when it was sent.</summary>
    public static void Dequeued(string queue, DateTimeOffset? sentAt, DateTimeOffset now)
    {
        if (sentAt is { } sent)
        {
            // Two machines' clocks may differ by more than a message waits.
            QueueSeconds.Record(Math.Max(0, (now - sent).TotalSeconds), new KeyValuePair<string, object?>(SpanTags.Queue, queue));
        }
    }

    /// <summary>A message was given up.</summary>
    public static void Poisoned(string queue) => PoisonCount.Add(1, new KeyValuePair<string, object?>(SpanTags.Queue, queue));

    /// <summary>A job was taken up again.</summary>
    public static void Resumed() => ResumedCount.Add(1);

    /// <summary>The API has answered a request.</summary>
    public static void Answered(string operation, int status) =>
        RequestCount.Add(
            1, new KeyValuePair<string, object?>(SpanTags.Operation, operation), new KeyValuePair<string, object?>(SpanTags.Status, ClassOf(status)));

    /// <summary>A registry has answered, or not: then the status is 0.</summary>
    public static void RegistryAnswered(int status) => RegistryCount.Add(1, new KeyValuePair<string, object?>(SpanTags.Status, ClassOf(status)));

    /// <summary>A notification was tried.</summary>
    /// <param name="result"><c>sent</c>, <c>later</c> or <c>failed</c>.</param>
    public static void Notified(string result) => NotificationCount.Add(1, new KeyValuePair<string, object?>(SpanTags.Result, result));

    // 429 apart from the others: it is what an operator can do something about.
    private static string ClassOf(int status) => status switch
    {
        429 => "429",
        >= 500 => "5xx",
        >= 400 => "4xx",
        >= 300 => "3xx",
        >= 200 => "2xx",
        _ => "none",
    };
}
