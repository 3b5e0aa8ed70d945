using System.Diagnostics;

namespace ImageScan.Core.Telemetry;

/// <summary>
/// Which span has sent a message, as W3C writes it (https://www.w3.org/TR/trace-context/): so all that comes of one request is one trace, whoever does it.
/// </summary>
/// <param name="Parent"><c>traceparent</c>; null if nothing is known.</param>
/// <param name="State"><c>tracestate</c>; null if there is none.</param>
public readonly record struct MessageTrace(string? Parent, string? State)
{
    // Of what is longer nobody must pass on more (https://www.w3.org/TR/trace-context/#tracestate-limits); a caller may have sent it.
    private const int MaxStateCharacters = 512;

    /// <summary>That of the span that is open here.</summary>
    public static MessageTrace Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } span
        ? new MessageTrace(id, span.TraceStateString is { Length: > 0 and <= MaxStateCharacters } state ? state : null)
        : default;

    /// <summary>
    /// That of the span that is open here if it belongs to the same trace as <paramref name="begun"/>, else <paramref name="begun"/>: whoever takes up
    /// another's work, as a timer does, leaves it in its trace.
    /// </summary>
    public static MessageTrace Within(string? begun) =>
        Current is { Parent: { } here } current && (begun is null || TraceOf(here) == TraceOf(begun)) ? current : new MessageTrace(begun, null);

    /// <summary>The span to be the parent; the default where that is not known or not readable.</summary>
    public ActivityContext ToContext() => ActivityContext.TryParse(Parent, State, isRemote: true, out ActivityContext context) ? context : default;

    // version-TRACE-span-flags
    private static string? TraceOf(string parent) => parent.Split('-') is [_, var trace, ..] ? trace : null;
}
