using System.Diagnostics;
using System.Text.Json;
using ImageScan.Core.Telemetry;
using OpenTelemetry;

namespace ImageScan.Core.Tests.Telemetry;

public sealed class SpanFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spans").FullName;

    private string File => Path.Combine(_folder, "spans.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void HasABatchALineInTheFormOfOtlp()
    {
        using Activity parent = new Activity("parent").SetIdFormat(ActivityIdFormat.W3C).Start();
        using Activity span = new Activity("scan layer").SetTag("text", "a\n\"b").SetTag("count", 3L).SetTag("ratio", 0.5).SetTag("flag", true)
            .SetTag("none", null).Start();
        span.Fail(new InvalidOperationException("hunter2"));
        span.Stop();

        using var file = new SpanFile(File);
        Assert.Equal(ExportResult.Success, file.Export(new Batch<Activity>([span], 1)));
        Assert.Equal(ExportResult.Success, file.Export(new Batch<Activity>([span], 1)));

        string[] lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(2, lines.Length);
        JsonElement read = JsonDocument.Parse(lines[0]).RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        Assert.Equal(
            (span.TraceId.ToHexString(), span.SpanId.ToHexString(), parent.SpanId.ToHexString(), "scan layer", 1, 2),
            (read.GetProperty("traceId").GetString(), read.GetProperty("spanId").GetString(), read.GetProperty("parentSpanId").GetString(),
                read.GetProperty("name").GetString(), read.GetProperty("kind").GetInt32(), read.GetProperty("status").GetProperty("code").GetInt32()));
        Assert.True(long.Parse(read.GetProperty("endTimeUnixNano").GetString()!, null) >= long.Parse(read.GetProperty("startTimeUnixNano").GetString()!, null));
        Assert.Equal(
            [
                """{"stringValue":"a\n\u0022b"}""", """{"intValue":"3"}""", """{"doubleValue":0.5}""", """{"boolValue":true}""",
                """{"stringValue":"InvalidOperationException"}""",
            ],
            read.GetProperty("attributes").EnumerateArray().Select(attribute => attribute.GetProperty("value").GetRawText()));
        Assert.DoesNotContain("hunter2", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void IsPutAsideWhenItIsLarge()
    {
        using Activity span = new Activity("span").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var file = new SpanFile(File, maxBytes: 1);

        Assert.Equal(ExportResult.Success, file.Export(new Batch<Activity>([span], 1)));
        Assert.Equal(ExportResult.Success, file.Export(new Batch<Activity>([span], 1)));

        Assert.Single(System.IO.File.ReadAllLines(File));
        Assert.Single(System.IO.File.ReadAllLines($"{File}.1"));
    }

    [Fact]
    public void ThatCannotBeWrittenStopsNothing()
    {
        using Activity span = new Activity("span").Start();
        using var file = new SpanFile(_folder);

        Assert.Equal(ExportResult.Failure, file.Export(new Batch<Activity>([span], 1)));
    }
}
