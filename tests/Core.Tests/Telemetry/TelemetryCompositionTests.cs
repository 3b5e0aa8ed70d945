using System.Diagnostics;
using ImageScan.Core.Access;
using ImageScan.Core.Scans;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
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

    // ASP.NET's own lines of requests have the path, with the secret of a webhook, and the query, with the signature of a badge.
    [Fact]
    public void ExportsNoLinesOfRequestsWhateverLevelsAreSet()
    {
        IConfiguration settings = Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
        var exported = new List<string>();
        using (ServiceProvider services = new ServiceCollection().AddSingleton(settings).AddImageScan(settings, AccessMode.Tokens)
            .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Trace))
            .Configure<OpenTelemetryLoggerOptions>(logs => logs.AddProcessor(new Kept(exported)))
            .BuildServiceProvider())
        {
            ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
            loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").LogInformation("Request starting {Path}", "/v1/webhooks/dockerhub/SECRET");
            loggers.CreateLogger("ImageScan").LogInformation("Scan done");
        }

        Assert.Equal(["Scan done"], exported);
    }

    // Where nothing is exported, the worker's lines go to the host.
    [Fact]
    public void LogsNoRequestsOfAspNet()
    {
        IConfiguration settings = Settings();
        var said = new Lines();
        using ServiceProvider services = new ServiceCollection().AddSingleton(settings).AddImageScan(settings, AccessMode.Tokens)
            .AddLogging(logging => logging.AddProvider(said)).BuildServiceProvider();
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();

        loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").LogInformation("Request starting {Path}", "/v1/webhooks/dockerhub/SECRET");
        loggers.CreateLogger("ImageScan").LogInformation("Scan done");

        Assert.Equal(["Scan done"], said.All);
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

    private sealed class Kept(List<string> lines) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => lines.Add($"{data.FormattedMessage}");
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
