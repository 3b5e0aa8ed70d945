using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Webhooks;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Telemetry;

/// <summary>What is told of whole scans: one trace from the request over the queues to the row that is written last, and nothing that is secret.</summary>
[Collection(WholeProcess.Name)]
public sealed class TraceTests(SharedAzurite azurite)
{
    private const string Secret = "hunter2hunter2";

    private static readonly string[] Packages = ["lodash@4.17.20", "minimist@1.2.5", "ini@1.3.5", "left-pad@1.3.0", "qs@6.5.2"];
    private static readonly MadeImage Image = TestImages.OfNpm(Packages);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfADealtOutScanIsOneTreeFromTheRequestToTheRowThatIsWrittenLast()
    {
        string file = NewFile("fanned-out-scan.jsonl");
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        await using (ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", "0"), ("Telemetry:File", file)))
        {
            string name = app.Registry.Push("made/image", "1", Image);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan") { Content = JsonContent.Create(new { imageName = name }) };
            request.Headers.Add("traceparent", $"00-{caller.TraceId}-{caller.SpanId}-01");
            request.Headers.Add("Prefer", "respond-async, wait=60");

            Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(request)).Status);
        }

        IReadOnlyList<TracedSpan> spans = TracedSpan.Read(file);
        TracedSpan[] trace = [.. spans.Where(span => span.Trace == caller.TraceId.ToHexString())];
        string job = Assert.Single(trace, span => span.Name == SpanNames.Dispatch).Tag(SpanTags.Job);
        Assert.All(spans.Where(span => span.Tag(SpanTags.Job) == job), span => Assert.Contains(span, trace));

        // Connected: whatever span is a parent is there, but for that of the caller.
        HashSet<string> ids = [.. trace.Select(span => span.Id), caller.SpanId.ToHexString()];
        Assert.Empty(trace.Where(span => span.Parent is null || !ids.Contains(span.Parent)).Select(span => span.Name));
        TracedSpan root = Assert.Single(trace, span => span.Parent == caller.SpanId.ToHexString());
        Assert.StartsWith("POST", root.Name, StringComparison.Ordinal);

        Assert.Single(trace, span => span.Name == SpanNames.DealOut);
        TracedSpan[] layers = [.. trace.Where(span => span.Name == $"{SpanNames.Process} {QueueNames.LayerScans}")];
        Assert.Equal(Image.Layers.Select(layer => $"{layer.Digest}").Order(), layers.Select(span => span.Tag(SpanTags.Layer)).Order());
        Assert.Equal(
            layers.Select(span => (span.Id, span.Tag(SpanTags.Layer))).Order(),
            trace.Where(span => span.Name == SpanNames.Layer).Select(span => (span.Parent!, span.Tag(SpanTags.Layer))).Order());

        // The message that joins is sent by whoever read the last layer, and what it does ends with the row.
        TracedSpan save = Assert.Single(trace, span => span.Name == SpanNames.Save);
        string[] path = [.. PathOf(save, trace).Select(span => span.Name)];
        Assert.Equal(
            [
                SpanNames.Save, SpanNames.Step, $"{SpanNames.Process} {QueueNames.ImageScans}", $"{SpanNames.Process} {QueueNames.LayerScans}",
                SpanNames.DealOut, SpanNames.Step, $"{SpanNames.Process} {QueueNames.ImageScans}", SpanNames.Dispatch, root.Name,
            ],
            path);
        Assert.Equal($"{Image.Manifest.Digest}", save.Tag(SpanTags.Image));
        TracedSpan[] requests = [.. trace.Where(span => span.Name == SpanNames.Registry)];
        Assert.True(requests.Length > Image.Layers.Count);
        Assert.All(requests, span => Assert.Equal("127.0.0.1", span.Tag(SpanTags.Host)));
        Assert.All((string[])[SpanNames.Resolve, SpanNames.Plan, SpanNames.Merge, SpanNames.Match], name => Assert.Contains(trace, span => span.Name == name));
    }

    [Fact]
    public async Task OfAScanThatNobodyWaitsForIsOneTreeToo()
    {
        string file = NewFile("background-scan.jsonl");
        string job;
        await using (ScanApp app = await ScanApp.StartAsync(azurite, [.. WebhookRequest.Settings, ("Scan:InlineBytes", "0"), ("Telemetry:File", file)]))
        {
            string name = app.Registry.Push("made/image", "1", Image);
            using HttpRequestMessage request = WebhookRequest.Signed($$"""{"image":"{{name}}@{{Image.Manifest.Digest}}"}""");
            job = (await app.SendAsync(request)).Json.GetProperty("jobs")[0].GetProperty("id").GetString()!;
            await Eventually.GetAsync(() => app.Services.GetRequiredService<JobStore>().FindAsync(job, Token), found => found is { State: ScanJobState.Done });
        }

        IReadOnlyList<TracedSpan> spans = TracedSpan.Read(file);
        string id = Assert.Single(spans.Where(span => span.Tag(SpanTags.Job) == job).Select(span => span.Trace).Distinct());
        TracedSpan[] trace = [.. spans.Where(span => span.Trace == id)];

        Assert.Single(trace, span => !trace.Any(parent => parent.Id == span.Parent));
        Assert.Equal(
            Packages.Length,
            trace.Count(span => span.Name == $"{SpanNames.Process} {QueueNames.BackgroundScans}" && span.Tag(SpanTags.Layer).Length > 0));
        Assert.Single(trace, span => span.Name == SpanNames.Save);
    }

    [Fact]
    public async Task TellsNoSecretAndNoNameOfAnImage()
    {
        string file = NewFile("without-secrets.jsonl");
        await using (ScanApp app = await ScanApp.StartAsync(azurite, [.. WebhookRequest.Settings, ("Telemetry:File", file)]))
        {
            string name = app.Registry.Push("made/confidential", "1", Image);
            HttpRequestMessage scan = Posted($"/v1/images/scan?note={Secret}", new { imageName = name });
            scan.Headers.Add("Authorization", $"Bearer {Secret}");
            await SendAsync(app, scan);
            await SendAsync(app, Posted($"/v1/webhooks/dockerhub/{Secret}", new { a = 1 }));
            await SendAsync(app, new HttpRequestMessage(HttpMethod.Get, $"/v1/badge/made%2Fconfidential?sig={Secret}"));
            await SendAsync(app, new HttpRequestMessage(HttpMethod.Get, $"/{Secret}?token={Secret}"));
            await SendAsync(app, Posted("/v1/images/scan", new { imageName = $"{name}-{Secret}" }));
            Assert.Equal(HttpStatusCode.OK, (await app.ScanAsync(name)).Status);
        }

        string text = await File.ReadAllTextAsync(file, Token);

        Assert.Contains($"\"{SpanNames.Save}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", text, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Posted(string path, object body) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };

    private static async Task SendAsync(ScanApp app, HttpRequestMessage request)
    {
        using var client = new HttpClient { BaseAddress = app.Address };
        using HttpRequestMessage sent = request;
        using HttpResponseMessage response = await client.SendAsync(sent, Token);
    }

    // From a span up to the first of its trace.
    private static IEnumerable<TracedSpan> PathOf(TracedSpan span, IReadOnlyList<TracedSpan> trace)
    {
        for (TracedSpan? at = span; at is not null; at = trace.FirstOrDefault(parent => parent.Id == at.Parent))
        {
            yield return at;
        }
    }

    // Kept, for people to look at.
    private static string NewFile(string name)
    {
        string folder = Repository.Path("TestResults", "traces");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.Delete(path);
        return path;
    }
}
