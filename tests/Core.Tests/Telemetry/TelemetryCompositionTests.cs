using System.Diagnostics;
using ImageScan.Core.Access;
using ImageScan.Core.Scans;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageScan.Core.Tests.Telemetry;

public sealed class TelemetryCompositionTests
{
    [Fact]
    public void MakesNothingUnlessSettingsSayWhereItGoes()
    {
        IConfiguration none = Settings(("Telemetry:File", ""), ("APPLICATIONINSIGHTS_CONNECTION_STRING", ""));
        var services = new ServiceCollection();
        services.AddImageScan(none, AccessMode.Tokens);

        Assert.False(Composition.HasTelemetry(none));
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(TracerProvider) || service.ImplementationType == typeof(AdvisoryGauges));
        Assert.Null(ScanTelemetry.Start(SpanNames.Step));
    }

    // What every layer of every scan does, whether anybody listens or not.
    [Fact]
    public void AllocatesNothingWhileNobodyListens()
    {
        TellOfALayer();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            TellOfALayer();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void TellOfALayer()
    {
        using Activity? span = ScanTelemetry.Start(SpanNames.Layer);
        span?.SetTag(SpanTags.Bytes, 1L);
        ScanMetrics.LayerRead(1);
        ScanMetrics.PhaseDone(SpanNames.Layer, TimeSpan.FromSeconds(1));
        ScanMetrics.RegistryAnswered(200);
    }

    [Theory]
    [InlineData("Telemetry:File", "spans.jsonl")]
    [InlineData("Telemetry:Console", "true")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/")]
    public void ListensWhereverItGoes(string name, string value)
    {
        IConfiguration settings = Settings(
            (name, value), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD"));
        using ServiceProvider services = new ServiceCollection().AddSingleton(settings).AddImageScan(settings, AccessMode.Tokens).BuildServiceProvider();

        Assert.True(Composition.HasTelemetry(settings));
        Assert.NotNull(services.GetRequiredService<TracerProvider>());
        Assert.NotNull(services.GetRequiredService<MeterProvider>());
    }

    [Fact]
    public void ListensAlsoWhereACallerSaysThatNobodyDoes()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        IConfiguration settings = Settings(("Telemetry:File", file));
        using (ServiceProvider services = new ServiceCollection().AddSingleton(settings).AddImageScan(settings, AccessMode.Tokens).BuildServiceProvider())
        {
            Assert.NotNull(services.GetRequiredService<TracerProvider>());
            var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
            using var source = new ActivitySource(ScanTelemetry.Name);
            using Activity? span = source.StartActivity(SpanNames.Step, ActivityKind.Server, caller);

            Assert.True(span?.Recorded);
        }

        File.Delete(file);
    }

    private static IConfiguration Settings(params IEnumerable<(string Name, string Value)> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection([
            new("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
            .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))])
        .Build();
}
