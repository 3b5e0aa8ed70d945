using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Telemetry;

/// <summary>What is counted while images are scanned.</summary>
[Collection(WholeProcess.Name)]
public sealed class MetricTests(SharedAzurite azurite) : IDisposable
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private readonly MeterListener _listener = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.jsonl");
    private readonly ConcurrentBag<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _measured = [];

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task CountScansLayersBytesFindingsAndTheAgeOfWhatTheyAskAndWait()
    {
        Listen();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", "0"), ("Telemetry:File", _file));
        string name = app.Registry.Push("made/image", "1", Image);

        Assert.Equal(HttpStatusCode.OK, (await app.ScanAsync(name)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.ScanAsync(name)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.ScanAgainAsync(name)).Status);
        await app.ScanAsync($"{name}-missing");
        _listener.RecordObservableInstruments();

        Assert.Equal(1, Sum(ScanMetrics.Scans, (SpanTags.Cache, "image"), (SpanTags.Result, "done")));
        Assert.Equal(2, Sum(ScanMetrics.Scans, (SpanTags.Cache, "none"), (SpanTags.Route, "layers"), (SpanTags.Result, "done"), (SpanTags.Error, "")));
        Assert.Equal(1, Sum(ScanMetrics.Scans, (SpanTags.Result, "failed"), (SpanTags.Error, "NotFound")));
        Assert.Equal(2, Count(ScanMetrics.ScanDuration, (SpanTags.Result, "done")));
        Assert.Equal(4, Sum(ScanMetrics.Layers, (SpanTags.State, "read")));
        Assert.Equal(2 * Image.Layers.Sum(layer => layer.Bytes.Length), Sum(ScanMetrics.LayerBytes));
        Assert.True(Sum(ScanMetrics.Findings) > 0);
        Assert.Equal(4, Count(ScanMetrics.QueueAge, (SpanTags.Queue, QueueNames.LayerScans)));
        Assert.True(Sum(ScanMetrics.RegistryRequests, (SpanTags.Status, "2xx")) > 0);
        Assert.True(Sum(ScanMetrics.RegistryRequests, (SpanTags.Status, "4xx")) > 0);
        Assert.Equal(3, Sum(ScanMetrics.Requests, (SpanTags.Operation, "ScanImage"), (SpanTags.Status, "2xx")));
        Assert.All(
            (string[])[SpanNames.Plan, SpanNames.Layer, SpanNames.Merge, SpanNames.Match, SpanNames.Save],
            phase => Assert.True(Count(ScanMetrics.PhaseDuration, (SpanTags.Phase, phase)) > 0));
        Assert.True(Count(ScanMetrics.AdvisoryAge) > 0);
    }

    [Fact]
    public async Task HaveTagsOfFewValuesAlone()
    {
        Listen();
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Image);
        await app.ScanAsync(name);

        Assert.NotEmpty(_measured);
        Assert.All(
            _measured.SelectMany(measured => measured.Tags),
            tag => Assert.True($"{tag.Value}".Length <= 32 && !$"{tag.Value}".Contains("made", StringComparison.Ordinal), $"{tag}"));
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ScanTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Add((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Add((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    private double Sum(string name, params (string Tag, string Value)[] tags) => Of(name, tags).Sum(measured => measured.Value);

    private int Count(string name, params (string Tag, string Value)[] tags) => Of(name, tags).Count();

    private IEnumerable<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> Of(string name, (string Tag, string Value)[] tags) =>
        _measured.Where(measured => measured.Name == name && tags.All(tag => measured.Tags.Contains(new KeyValuePair<string, object?>(tag.Tag, tag.Value))));
}
