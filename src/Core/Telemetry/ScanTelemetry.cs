using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageScan.Core.Telemetry;

/// <summary>What the app tells of its work, for OpenTelemetry: costs next to nothing while nobody listens.</summary>
public static class ScanTelemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "ImageScanFunctions";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>A span within the current one; null while nobody listens.</summary>
    /// <param name="name">One of <see cref="SpanNames"/>.</param>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>The span of a request to somebody else's host; null while nobody listens. Nothing of it is sent there.</summary>
    public static Activity? StartRequest(string method, string host) =>
        Source.StartActivity(SpanNames.Registry, ActivityKind.Client)?.SetTag(SpanTags.Method, method).SetTag(SpanTags.Host, host);

    /// <summary>The span of a message's work, within the span that sent it; null while nobody listens.</summary>
    /// <param name="queue">The queue, by its kind.</param>
    /// <param name="trace">What the message says of who sent it.</param>
    public static Activity? StartMessage(string queue, MessageTrace trace)
    {
        // What the head has open for the same message is of another trace: the scan is what must be seen whole, so that is only pointed at.
        ActivityContext sender = trace.ToContext();
        ActivityLink[] head = sender != default && Activity.Current is { } current && current.TraceId != sender.TraceId
            ? [new ActivityLink(current.Context)]
            : [];
        return Source.StartActivity($"{SpanNames.Process} {queue}", ActivityKind.Consumer, sender, [new(SpanTags.Queue, queue)], head);
    }

    /// <summary>Does a part of a scan within a span of its own and counts the time that it took; a failure marks the span and passes.</summary>
    public static async Task<T> PhaseAsync<T>(string name, Func<Activity?, Task<T>> work)
    {
        using Activity? span = Start(name);
        long started = Stopwatch.GetTimestamp();
        try
        {
            return await work(span);
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
        finally
        {
            ScanMetrics.PhaseDone(name, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>As <see cref="PhaseAsync"/>, for what waits for nothing.</summary>
    public static T Phase<T>(string name, Func<T> work)
    {
        using Activity? span = Start(name);
        long started = Stopwatch.GetTimestamp();
        try
        {
            return work();
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
        finally
        {
            ScanMetrics.PhaseDone(name, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Marks a span as failed, with the kind of the failure alone: its text may quote anything.</summary>
    public static void Fail(this Activity? span, Exception failure) => span?.SetTag(SpanTags.Error, failure.GetType().Name).SetStatus(ActivityStatusCode.Error);
}
