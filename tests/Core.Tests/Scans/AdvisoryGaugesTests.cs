using System.Diagnostics.Metrics;
using ImageScan.Core.Scans;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Tests.Vulnerabilities;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Scans;

public sealed class AdvisoryGaugesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Debian's, Alpine's and Photon's records have no dates: one of them that fails for weeks must be seen all the same.
    [Fact]
    public void TellsOfAFeedWithoutDatesWhenItWasLastRead()
    {
        using (var builder = new SnapshotBuilder(SnapshotTexts.Summaries))
        {
            builder.Describe("dated", "", TestSnapshot.BuiltAt);
            builder.Add(Record("dated", TestSnapshot.BuiltAt.AddDays(-3)));
            builder.Describe("undated", "", TestSnapshot.BuiltAt.AddDays(-40));
            builder.Add(Record("undated", default));
            builder.Describe("unknown", "", checkedAt: null);
            builder.Add(Record("unknown", default));
            builder.Write(_folder.File("a.snap"), TestSnapshot.BuiltAt);
        }

        Dictionary<string, double> days = DaysOfFeeds();

        Assert.Equal([KeyValuePair.Create("dated", 4d), KeyValuePair.Create("undated", 41d)], days.OrderBy(feed => feed.Key, StringComparer.Ordinal));
    }

    private Dictionary<string, double> DaysOfFeeds()
    {
        using var snapshots = new AdvisorySnapshots(new AdvisorySettings { Path = _folder.File("a.snap") }, NullLogger<AdvisorySnapshots>.Instance);
        using var gauges = new AdvisoryGauges(snapshots, new FakeTimeProvider(TestSnapshot.BuiltAt.AddDays(1)));
        var days = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ScanTelemetry.Name && instrument.Name == ScanMetrics.FeedAge)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) => days[(string)tags[0].Value!] = TimeSpan.FromSeconds(age).TotalDays);
        listener.Start();
        listener.RecordObservableInstruments();
        return days;
    }

    private static Advisory Record(string feed, DateTimeOffset modified) => new()
    {
        Id = $"{feed}-1",
        Feed = feed,
        Modified = modified,
        Affected = [new AffectedPackage { Ecosystem = OsvEcosystem.Parse("Debian:12"), Name = "x", Versions = ["1"] }],
    };
}
