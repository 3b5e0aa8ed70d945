using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using ImageScan.Core.Scans;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ImageScan.Core;

public static partial class Composition
{
    // https://learn.microsoft.com/azure/azure-monitor/app/connection-strings, https://learn.microsoft.com/azure/azure-functions/functions-app-settings.
    private const string InsightsConnection = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string InsightsAuthentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    // https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/.
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    private const string AspNet = "Microsoft.AspNetCore";

    /// <summary>Whether settings say where telemetry goes; without one nothing of it is made.</summary>
    public static bool HasTelemetry(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TelemetrySettings settings = SettingsSection.Read<TelemetrySettings>(configuration, "Telemetry");
        return settings.Console || settings.File.Length > 0 || IsSet(configuration, InsightsConnection) || IsSet(configuration, OtlpEndpoint);
    }

    private static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLogging(LogNoRequests);
        if (!HasTelemetry(configuration))
        {
            return services;
        }

        TelemetrySettings settings = SettingsSection.Read<TelemetrySettings>(configuration, "Telemetry");
        services.AddHostedService<AdvisoryGauges>();
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                NameOf(configuration), serviceVersion: ScannerVersion.Product, autoGenerateServiceInstanceId: false, serviceInstanceId: Instance.Name))
            .WithTracing(tracing => Trace(tracing, configuration, settings))
            .WithMetrics(metrics => Measure(metrics, settings));

        // The text as people read it, beside its fields.
        services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
        if (IsSet(configuration, OtlpEndpoint))
        {
            telemetry.UseOtlpExporter();
        }

        if (IsSet(configuration, InsightsConnection))
        {
            telemetry.UseAzureMonitorExporter(insights => Export(insights, configuration, settings));
        }

        return services;
    }

    // ASP.NET has a line with the path and query of each request at Information, and these may be secrets of webhooks and signatures of badges
    // (https://github.com/dotnet/aspnetcore/blob/v10.0.0/src/Hosting/Hosting/src/Internal/HostingApplicationDiagnostics.cs). Levels of host.json do not reach
    // what a worker exports itself (https://github.com/Azure/azure-functions-dotnet-worker/issues/2235); a rule for the exporters outweighs all other levels.
    private static void LogNoRequests(ILoggingBuilder logging) => logging
        .AddFilter(AspNet, LogLevel.Warning)
        .AddFilter<OpenTelemetryLoggerProvider>(AspNet, LogLevel.Warning);

    private static void Trace(TracerProviderBuilder tracing, IConfiguration configuration, TelemetrySettings settings)
    {
        // The default heeds a caller whose traceparent says that nobody listens (https://www.w3.org/TR/trace-context/#sampled-flag): whoever may call could
        // hide his scans by it. What goes to Application Insights is chosen by its own sampler, which comes after this one.
        if (!IsSet(configuration, Sampler))
        {
            tracing.SetSampler(new ParentBasedSampler(new AlwaysOnSampler(), remoteParentNotSampled: new AlwaysOnSampler()));
        }

        // HttpClient's own spans are not among them: most would be of storage, some hundred a scan, and of feeds, thousands a refresh. Those to registries
        // are ours.
        tracing.AddSource(ScanTelemetry.Name).AddProcessor(new SafeSpans());
        if (settings.File.Length > 0)
        {
            tracing.AddProcessor(new BatchActivityExportProcessor(new SpanFile(settings.File)));
        }

        if (settings.Console)
        {
            tracing.AddConsoleExporter();
        }
    }

    private static void Measure(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(ScanTelemetry.Name);
        if (settings.Console)
        {
            metrics.AddConsoleExporter();
        }
    }

    private static void Export(AzureMonitorExporterOptions insights, IConfiguration configuration, TelemetrySettings settings)
    {
        insights.ConnectionString = configuration[InsightsConnection];
        insights.Credential = CredentialOf(configuration[InsightsAuthentication]);

        // By the trace's id, so that every process keeps the same ones; the default counts traces a second in each process, and would cut scans in pieces.
        insights.SamplingRatio = settings.TracePercent / 100f;
        insights.TracesPerSecond = null;
        insights.EnableLiveMetrics = false;
    }

    // "Authorization=AAD", and "ClientId=…" for a user-assigned identity
    // (https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string). Null without: then the connection
    // string's key counts.
    private static ManagedIdentityCredential? CredentialOf(string? authentication)
    {
        string[] parts = (authentication ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!parts.Contains("Authorization=AAD", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        const string ClientId = "ClientId=";
        return parts.FirstOrDefault(part => part.StartsWith(ClientId, StringComparison.OrdinalIgnoreCase)) is { } client
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client[ClientId.Length..]))
            : new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
    }

    // WEBSITE_SITE_NAME: https://learn.microsoft.com/azure/app-service/reference-app-settings.
    private static string NameOf(IConfiguration configuration) =>
        IsSet(configuration, "OTEL_SERVICE_NAME") ? configuration["OTEL_SERVICE_NAME"]!
        : IsSet(configuration, "WEBSITE_SITE_NAME") ? configuration["WEBSITE_SITE_NAME"]!
        : "imagescan";

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrEmpty(configuration[name]);
}
