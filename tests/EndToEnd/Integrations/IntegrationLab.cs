using System.Net;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>A server as it is deployed, whose registries are managed over the API, and registries on loopback that its settings list.</summary>
internal sealed class IntegrationLab : IAsyncDisposable
{
    public const string Secret = "correct horse battery staple";
    public const string KeyA = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private IntegrationLab(TokenServer server, TestRegistry registry, TestRegistry other)
    {
        Server = server;
        Registry = registry;
        Other = other;
    }

    public TokenServer Server { get; }

    public TestRegistry Registry { get; }

    /// <summary>Another one: a mirror, or where nothing of the first should go.</summary>
    public TestRegistry Other { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts all; without keys no secret can be kept.</summary>
    public static async Task<IntegrationLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings)
    {
        TestRegistry registry = await TestRegistry.StartAsync(Token);
        TestRegistry other = await TestRegistry.StartAsync(Token);
        TokenServer server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Scan:InlineBytes", "1048576"),
                ("RegistryClient:Retries", "0"),
                ("Registries:0:Host", registry.Host),
                ("Registries:0:Insecure", "true"),
                ("Registries:1:Host", other.Host),
                ("Registries:1:Insecure", "true"),
                .. settings,
            ]);
        return new IntegrationLab(server, registry, other);
    }

    /// <summary>As above, with a key under which secrets are kept.</summary>
    public static Task<IntegrationLab> StartWithKeyAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings) =>
        StartAsync(azurite, [("Secrets:Keys:0:Version", "a"), ("Secrets:Keys:0:Key", KeyA), .. settings]);

    /// <summary>An integration of the registry, as JSON.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="password">Its password.</param>
    /// <param name="more">More members of it, <c>"mirror":"…",</c>.</param>
    /// <param name="endpoint">Its endpoint; null for the registry.</param>
    public string Docker(string name, string password = Secret, string more = "", string? endpoint = null) =>
        $$"""{{{more}}"name":"{{name}}","type":"docker","categories":["REGISTRY"],"docker":{"endpoint":"{{endpoint ?? Registry.Host}}","username":"ann","password":"{{password}}"} }""";

    public Task<ApiAnswer> SendAsync(string method, string path, string? json = null, string token = TokenServer.Admin) =>
        Server.SendAsync(method, $"/v1/imageintegrations{path}", token, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Makes an integration and returns its id.</summary>
    public async Task<string> MakeAsync(string json)
    {
        ApiAnswer made = await SendAsync("POST", "", json);
        Assert.True(made.Status == HttpStatusCode.OK, made.Text);
        return made.Id;
    }

    /// <summary>The integrations by name.</summary>
    public async Task<Dictionary<string, JsonElement>> ListAsync() => (await SendAsync("GET", "")).Json.GetProperty("integrations").EnumerateArray()
        .ToDictionary(integration => integration.GetProperty("name").GetString()!);

    public static string Basic(string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{password}"))}";

    /// <summary>Fails if a registry was sent anything that could be a credential.</summary>
    public static void AssertNothingWasSentTo(TestRegistry registry) => Assert.All(registry.Requests, request => Assert.Equal("", request.Authorization));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Registry.DisposeAsync();
        await Other.DisposeAsync();
    }
}
