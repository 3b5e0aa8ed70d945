using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Clusters;

/// <summary>Two processes of the program on one storage account, as an operator starts them.</summary>
[Collection(KilledServers.Name)]
public sealed class ClusterProcessTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly string _cluster = $"t{Guid.NewGuid():n}";
    private readonly string _prefix = ScanApp.NewPrefix();
    private TestRegistry _registry = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _registry.Misbehave(RegistryFaults.RequireBasic("edge", "secret"));
        _name = _registry.Push("private/image", "1", Image);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task ScanForEachOther()
    {
        using CommandProcess edge = StartEdge();
        using CommandProcess central = Start(new Dictionary<string, string>());
        Uri address = await central.AddressAsync();
        await EdgeIsConnectedAsync(address);

        ApiAnswer here = await ScanAsync(address, cluster: "");
        ApiAnswer there = await ScanAsync(address, _cluster);

        Assert.Equal(HttpStatusCode.InternalServerError, here.Status);
        Assert.Equal(HttpStatusCode.OK, there.Status);
        Assert.True(there.Json.GetProperty("isClusterLocal").GetBoolean());
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], there.Components);
    }

    // The caller waits at the central process for what the cluster's other instance does again.
    [Fact]
    public async Task AnswerAlthoughTheInstanceOfTheClusterThatHadTheScanIsKilled()
    {
        using CommandProcess central = Start(new Dictionary<string, string>());
        Uri address = await central.AddressAsync();
        var gate = new Gate();
        _registry.Misbehave(gate.Before(Image.Layers[1].Digest));
        using CommandProcess first = StartEdge();
        await EdgeIsConnectedAsync(address);
        Task<ApiAnswer> asked = ScanAsync(address, _cluster);
        await gate.Reached;

        using CommandProcess second = StartEdge();
        await second.AddressAsync();
        await first.KillAsync();
        gate.Open();

        ApiAnswer answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
    }

    private CommandProcess StartEdge() => Start(new Dictionary<string, string>
    {
        ["Cluster__Name"] = _cluster,
        ["Registries__0__Host"] = _registry.Host,
        ["Registries__0__Username"] = "edge",
        ["Registries__0__Password"] = "secret",
        ["Registries__0__Insecure"] = "true",
    });

    private CommandProcess Start(IReadOnlyDictionary<string, string> settings) => CommandProcess.Start(
        new Dictionary<string, string>(settings) { ["AzureWebJobsStorage"] = azurite.ConnectionString, ["Storage__Prefix"] = _prefix },
        "serve", "--urls", "http://127.0.0.1:0");

    private Task<ApiAnswer> EdgeIsConnectedAsync(Uri central) => Eventually.GetAsync(
        () => AskAsync(() => _client.GetAsync(new Uri(central, "/v1/delegatedregistryconfig/clusters"), Token)),
        answer => answer.Text.Contains($"\"name\":\"{_cluster}\",\"isValid\":true", StringComparison.Ordinal));

    private Task<ApiAnswer> ScanAsync(Uri central, string cluster) =>
        AskAsync(() => _client.PostAsJsonAsync(new Uri(central, "/v1/images/scan"), new { imageName = _name, cluster }, Token));

    private static async Task<ApiAnswer> AskAsync(Func<Task<HttpResponseMessage>> ask)
    {
        using HttpResponseMessage response = await ask();
        return await ApiAnswer.ReadAsync(response, Token);
    }
}
