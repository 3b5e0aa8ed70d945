using System.Text.Json;

namespace ImageScan.EndToEnd.Telemetry;

/// <summary>A span as a file of <c>Telemetry__File</c> has it.</summary>
internal sealed record TracedSpan(string Trace, string Id, string? Parent, string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>All spans of a file.</summary>
    public static IReadOnlyList<TracedSpan> Read(string path) =>
    [
        .. File.ReadLines(path)
            .SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("resourceSpans").EnumerateArray())
            .SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("spans").EnumerateArray())
            .Select(Of),
    ];

    /// <summary>A tag's value; "" if it has none.</summary>
    public string Tag(string name) => Tags.GetValueOrDefault(name, "");

    private static TracedSpan Of(JsonElement span) => new(
        span.GetProperty("traceId").GetString()!,
        span.GetProperty("spanId").GetString()!,
        span.TryGetProperty("parentSpanId", out JsonElement parent) ? parent.GetString() : null,
        span.GetProperty("name").GetString()!,
        span.GetProperty("attributes").EnumerateArray().ToDictionary(
            attribute => attribute.GetProperty("key").GetString()!,
            attribute => $"{attribute.GetProperty("value").EnumerateObject().Single().Value}"));
}
