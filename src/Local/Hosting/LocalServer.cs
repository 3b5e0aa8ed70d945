using System.Net;
using ImageScan.Core;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Core.Images.Registries;
using ImageScan.Local.Credentials;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace ImageScan.Local.Hosting;

/// <summary>Whose credentials the server may use.</summary>
internal enum CredentialSource
{
    SettingsOnly,
    DockerConfig,
}

/// <summary>How to run the API on this machine.</summary>
internal sealed record LocalServerOptions
{
    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public required string Urls { get; init; }

    /// <summary>Connection string of the storage account; null to take what the settings say.</summary>
    public string? ConnectionString { get; init; }

    public CredentialSource Credentials { get; init; }

    /// <summary>Who needs a token while it is bound to loopback; elsewhere everybody does.</summary>
    public AccessMode LoopbackAccess { get; init; } = AccessMode.Loopback;

    /// <summary>Settings on top of those of the environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}

/// <summary>The API on Kestrel and the worker of the queue, as one process.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app, bool needsToken)
    {
        _app = app;
        NeedsToken = needsToken;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, the port that was given out included.</summary>
    public Uri Address { get; }

    /// <summary>Whether callers need a token: always, but on loopback unless asked for.</summary>
    public bool NeedsToken { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it. Throws <see cref="IOException"/> if an address is taken, and what a wrong setting causes.</summary>
    public static async Task<LocalServer> StartAsync(LocalServerOptions options, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.Configuration.AddInMemoryCollection(options.Settings);
        if (options.ConnectionString is { } storage)
        {
            builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", storage)]);
        }

        // Standard output belongs to results.
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // A taken port is said once, by who started us.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        bool isLoopback = options.Urls.Split(';').All(IsLoopback);
        builder.Services.AddSingleton(Composition.RegistryClientSettingsOf(builder.Configuration) with { AllowLoopbackRegistries = isLoopback });
        if (options.Credentials == CredentialSource.DockerConfig)
        {
            builder.Services.AddSingleton<CredentialLookup>(UserCredentials.Lookup());
        }

        AccessMode access = isLoopback ? options.LoopbackAccess : AccessMode.Tokens;
        builder.Services.AddImageScan(builder.Configuration, access);

        // Listens only if the settings say where telemetry goes; probes would be most of it.
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddAspNetCoreInstrumentation(
            http => http.Filter = context => !context.Request.Path.StartsWithSegments($"/{Routes.Health}", StringComparison.OrdinalIgnoreCase)));

        // Or what has messages in work would be told to stop only when the last HTTP caller had his answer.
        builder.Services.Configure<HostOptions>(host => host.ServicesStopConcurrently = true);
        builder.Services.AddHostedService<QueueWorker>();
        builder.Services.AddHostedService<SweepTimer>();
        builder.Services.AddHostedService<JobSweepTimer>();
        builder.Services.AddHostedService<RefreshTimer>();
        builder.Services.AddHostedService<RematchTimer>();
        builder.Services.AddHostedService<WatchTimer>();
        builder.Services.AddHostedService<ExceptionSweepTimer>();
        builder.Services.AddHostedService<NotificationSweepTimer>();

        WebApplication app = builder.Build();
        Map(app);
        await app.StartAsync(cancellationToken);
        return new LocalServer(app, needsToken: access == AccessMode.Tokens);
    }

    /// <summary>Returns when the process is told to end.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Binds every route of the API, and what is answered where there is none, or none of that method.</summary>
    internal static void Map(WebApplication app)
    {
        var api = app.Services.GetRequiredService<ApiDispatch>();
        var gate = app.Services.GetRequiredService<ApiGate>();
        foreach (IGrouping<string, Operation> route in Operations.All.GroupBy(operation => operation.Route))
        {
            foreach (Operation operation in route)
            {
                app.MapMethods(operation.Route, [operation.Method], context => api.HandleAsync(operation, context));
            }

            app.Map(route.Key, gate.AnswerMethodNotAllowedAsync).WithOrder(1);
        }

        app.MapFallback("{**path}", gate.AnswerNotFoundAsync);
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
        && (address.IsLoopback || (IPAddress.TryParse(address.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip)));
}
