using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// The API as it is deployed: callers need a token, and registries that are not listed must have public addresses. There is no worker of
/// the queue beside it.
/// </summary>
internal sealed class TokenServer : IAsyncDisposable
{
    public const string Reader = "the token of one who reads";
    public const string Scanner = "the token of one who scans";
    public const string Requester = "the token of one who asks for exceptions";
    public const string Approver = "the token of one who decides about them";
    public const string Admin = "the token of one who administers";

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private TokenServer(WebApplication app)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(1) };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IServiceProvider Services => _app.Services;

    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts it, with plain http to the registries listed.</summary>
    public static Task<TokenServer> StartAsync(SharedAzurite azurite, params IReadOnlyList<string> registries) =>
        StartAsync(azurite, ScanApp.NewPrefix(), inlineBytes: 1 << 20, registries);

    /// <summary>As above, with the tables of another server and a bound on what it reads itself.</summary>
    public static Task<TokenServer> StartAsync(SharedAzurite azurite, string prefix, long inlineBytes, params IReadOnlyList<string> registries) =>
        StartAsync(
            azurite,
            [
                ("Storage:Prefix", prefix),
                ("Scan:InlineBytes", $"{inlineBytes}"),
                .. registries.SelectMany((host, i) => new[] { ($"Registries:{i}:Host", host), ($"Registries:{i}:Insecure", "true") }),
            ]);

    /// <summary>As above, with any settings, named as in a file; on any port unless <c>Urls</c> says which.</summary>
    public static async Task<TokenServer> StartAsync(SharedAzurite azurite, IEnumerable<(string Name, string Value)> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        string? urls = settings.FirstOrDefault(setting => setting.Name == "Urls").Value;
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, urls is null ? 0 : new Uri(urls).Port));
        builder.Configuration.AddInMemoryCollection(
        [
            new("AzureWebJobsStorage", azurite.ConnectionString),
            new("Access:Tokens:0:Hash", HashOf(Reader)),
            new("Access:Tokens:0:Role", "read"),
            new("Access:Tokens:1:Hash", HashOf(Scanner)),
            new("Access:Tokens:1:Role", "scan"),
            new("Access:Tokens:2:Hash", HashOf(Admin)),
            new("Access:Tokens:2:Role", "admin"),
            new("Access:Tokens:3:Hash", HashOf(Requester)),
            new("Access:Tokens:3:Role", "requester"),
            new("Access:Tokens:4:Hash", HashOf(Approver)),
            new("Access:Tokens:4:Role", "approver"),
            .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
        ]);
        builder.Services.AddImageScan(builder.Configuration, AccessMode.Tokens);
        WebApplication app = builder.Build();
        LocalServer.Map(app);
        await app.StartAsync(Cancellation);
        return new TokenServer(app);
    }

    /// <summary>Asks with a token, or without one if it is null.</summary>
    public async Task<ApiAnswer> SendAsync(string method, string path, string? token, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync(request);
    }

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        return await ApiAnswer.ReadAsync(response, Cancellation, Services.GetRequiredService<ApiSettings>().Level);
    }

    public Task<ApiAnswer> ScanAsync(string imageName) => SendAsync("POST", "/v1/images/scan", Scanner, JsonContent.Create(new { imageName }));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
