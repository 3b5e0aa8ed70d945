using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace ImageScan.Core.Telemetry;

/// <summary>
/// Adds spans to a file, a batch a line, in the form of OTLP's file exporter (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/), which
/// collectors and viewers read. A file that has grown large is put aside as <c>FILE.1</c>, in the place of the one before.
/// </summary>
internal sealed class SpanFile(string path, long maxBytes = SpanFile.MaxBytes) : BaseExporter<Activity>
{
    private const long MaxBytes = 256 << 20;

    private readonly Lock _writing = new();

    public override ExportResult Export(in Batch<Activity> batch)
    {
        try
        {
            using var line = new MemoryStream();
            using (var json = new Utf8JsonWriter(line))
            {
                Write(json, batch);
            }

            line.WriteByte((byte)'\n');
            lock (_writing)
            {
                if (new FileInfo(path) is { Exists: true, Length: var length } && length + line.Length > maxBytes)
                {
                    File.Move(path, $"{path}.1", overwrite: true);
                }

                using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                line.WriteTo(file);
            }

            return ExportResult.Success;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // What is thrown here ends the process. Whatever becomes of telemetry, scans go on.
            return ExportResult.Failure;
        }
    }

    // https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids in hexadecimal, enumerations as numbers, 64-bit numbers as text.
    private void Write(Utf8JsonWriter json, in Batch<Activity> batch)
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        Resource resource = ParentProvider?.GetResource() ?? Resource.Empty;
        WriteAttributes(json, resource.Attributes.Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value)));
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        var bySource = new Dictionary<string, List<Activity>>(StringComparer.Ordinal);
        foreach (Activity span in batch)
        {
            if (!bySource.TryGetValue(span.Source.Name, out List<Activity>? spans))
            {
                bySource.Add(span.Source.Name, spans = []);
            }

            spans.Add(span);
        }

        foreach ((string source, List<Activity> spans) in bySource)
        {
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", source);
            json.WriteEndObject();
            json.WriteStartArray("spans");
            foreach (Activity span in spans)
            {
                Write(json, span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToHexString());
        json.WriteString("spanId", span.SpanId.ToHexString());
        if (span.ParentSpanId != default)
        {
            json.WriteString("parentSpanId", span.ParentSpanId.ToHexString());
        }

        json.WriteString("name", span.DisplayName);

        // .NET counts kinds from 0, OTLP from 1 (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto).
        json.WriteNumber("kind", (int)span.Kind + 1);
        json.WriteString("startTimeUnixNano", NanosecondsOf(span.StartTimeUtc));
        json.WriteString("endTimeUnixNano", NanosecondsOf(span.StartTimeUtc + span.Duration));
        WriteAttributes(json, span.TagObjects);
        if (span.Links.Any())
        {
            json.WriteStartArray("links");
            foreach (ActivityLink link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("traceId", link.Context.TraceId.ToHexString());
                json.WriteString("spanId", link.Context.SpanId.ToHexString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("status");
        json.WriteNumber("code", (int)span.Status);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        json.WriteStartArray("attributes");
        foreach ((string key, object? value) in attributes.Where(attribute => attribute.Value is not null))
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            switch (value)
            {
                case bool flag:
                    json.WriteBoolean("boolValue", flag);
                    break;
                case int or long:
                    json.WriteString("intValue", Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber("doubleValue", number);
                    break;
                default:
                    json.WriteString("stringValue", Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NanosecondsOf(DateTime time) =>
        ((time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
