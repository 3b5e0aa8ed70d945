using System.Net.Http.Json;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

/// <summary>The whole app on loopback with tables of its own, and a registry to read from.</summary>
internal sealed class ScanApp : IAsyncDisposable
{
    private readonly LocalServer _server;
    private readonly HttpClient _client;

    private ScanApp(LocalServer server, TestRegistry registry)
    {
        _server = server;
        // Where an answer sends its caller is part of the answer.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(1) };
        Registry = registry;
    }

    public TestRegistry Registry { get; }

    public IServiceProvider Services => _server.Services;

    public Uri Address => _server.Address;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What stands in settings for the registry's host.</summary>
    public const string RegistryHost = "REGISTRY";

    /// <summary>Starts both; settings are named as in a file, <c>Scan:InlineBytes</c>.</summary>
    public static Task<ScanApp> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings) =>
        StartAsync(azurite.ConnectionString, settings);

    /// <summary>As above, on any account.</summary>
    public static async Task<ScanApp> StartAsync(string connectionString, params IEnumerable<(string Name, string Value)> settings)
    {
        TestRegistry registry = await TestRegistry.StartAsync(Token);
        var all = new Dictionary<string, string?> { ["Storage:Prefix"] = NewPrefix() };
        foreach ((string name, string value) in settings)
        {
            all[name] = value.Replace(RegistryHost, registry.Host, StringComparison.Ordinal);
        }

        LocalServer server = await LocalServer.StartAsync(
            new LocalServerOptions
            {
                Urls = all.GetValueOrDefault("Urls") ?? "http://127.0.0.1:0",
                ConnectionString = connectionString,
                Settings = all,
            },
            Token);
        return new ScanApp(server, registry);
    }

    /// <summary>A beginning of table names that no other test has.</summary>
    public static string NewPrefix() => $"T{Guid.NewGuid():n}";

    public Task<ApiAnswer> ScanAsync(string imageName, string query = "") => PostAsync(JsonContent.Create(new { imageName }), query);

    public Task<ApiAnswer> ScanAgainAsync(string imageName) => PostAsync(JsonContent.Create(new { imageName, force = true }));

    /// <summary>Posts any body to the route of scans.</summary>
    public async Task<ApiAnswer> PostAsync(HttpContent body, string query = "", CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/images/scan{query}") { Content = body };
        return await SendAsync(request, cancellationToken);
    }

    public async Task<ApiAnswer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request, CancellationToken? cancellationToken = null)
    {
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken ?? Token);
        return await ApiAnswer.ReadAsync(response, Token, Services.GetRequiredService<ApiSettings>().Level);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await Registry.DisposeAsync();
    }
}
