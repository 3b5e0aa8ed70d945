using System.Diagnostics.Metrics;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Hosting;

namespace ImageScan.Core.Scans;

/// <summary>Tells how old the advisories are that this process asks, all together and those of each feed, whenever metrics are collected.</summary>
internal sealed class AdvisoryGauges : IHostedService, IDisposable
{
    private readonly AdvisorySnapshots _snapshots;
    private readonly TimeProvider _time;

    // Its own, so that it ends with the process's services.
    private readonly Meter _meter = new(ScanTelemetry.Name);

    public AdvisoryGauges(AdvisorySnapshots snapshots, TimeProvider time)
    {
        _snapshots = snapshots;
        _time = time;
        _meter.CreateObservableGauge(ScanMetrics.AdvisoryAge, AgeOfAll, "s", "Since what the advisories that scans are matched with are as of.");
        _meter.CreateObservableGauge(ScanMetrics.FeedAge, AgeOfEach, "s", "Since what a feed is as of that scans are matched with.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> AgeOfAll() => Current() is { } database ? [new(AgeOf(database.Origin.AsOf))] : [];

    private IEnumerable<Measurement<double>> AgeOfEach() => (Current()?.Description.Feeds ?? [])
        .Where(feed => feed.AsOf is not null)
        .Select(feed => new Measurement<double>(AgeOf(feed.AsOf!.Value), new KeyValuePair<string, object?>(SpanTags.Feed, feed.Name)));

    // One record of a feed can bear a date that is to come.
    private double AgeOf(DateTimeOffset then) => Math.Max(0, (_time.GetUtcNow() - then).TotalSeconds);

    private AdvisoryDatabase? Current()
    {
        try
        {
            return _snapshots.Current();
        }
        catch (AdvisoryDatabaseException)
        {
            // Scans say so, and readiness does.
            return null;
        }
    }
}
