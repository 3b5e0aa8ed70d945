using System.Net.Http.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Clusters;

/// <summary>
/// A central server and a cluster on one storage account. The registry has a private address and wants a password, and only the cluster has leave
/// and password: the central one could not even connect.
/// </summary>
internal sealed class ClusterLab : IAsyncDisposable
{
    private const string User = "cluster";
    private const string Password = "only the cluster has it";

    private readonly SharedAzurite _azurite;
    private readonly string _prefix;
    private LocalServer? _cluster;

    private ClusterLab(SharedAzurite azurite, string prefix, TokenServer central, TestRegistry registry)
    {
        _azurite = azurite;
        _prefix = prefix;
        Central = central;
        Registry = registry;
    }

    public TokenServer Central { get; }

    public TestRegistry Registry { get; }

    /// <summary>A name, and so a queue, that no other test has.</summary>
    public string Name { get; } = $"t{Guid.NewGuid():n}";

    public string Id { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Starts the central server and the registry, with settings on top for the first; <see cref="ScanApp.RegistryHost"/> stands for the registry in them.
    /// </summary>
    public static async Task<ClusterLab> StartAsync(SharedAzurite azurite, params IReadOnlyList<(string Name, string Value)> settings)
    {
        string prefix = ScanApp.NewPrefix();
        TestRegistry registry = await TestRegistry.StartAsync(Token);
        registry.Misbehave(RegistryFaults.RequireBasic(User, Password));
        IEnumerable<(string Name, string Value)> told =
            settings.Select(setting => (setting.Name, setting.Value.Replace(ScanApp.RegistryHost, registry.Host, StringComparison.Ordinal)));
        return new ClusterLab(azurite, prefix, await TokenServer.StartAsync(azurite, [("Storage:Prefix", prefix), .. told]), registry);
    }

    /// <summary>Starts the cluster, with settings on top, and waits for its first heartbeat.</summary>
    public async Task StartClusterAsync(params IReadOnlyList<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Storage:Prefix"] = _prefix,
            ["Cluster:Name"] = Name,
            ["Registries:0:Host"] = Registry.Host,
            ["Registries:0:Username"] = User,
            ["Registries:0:Password"] = Password,
            ["Registries:0:Insecure"] = "true",
        };
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        _cluster = await LocalServer.StartAsync(
            new LocalServerOptions { Urls = "http://127.0.0.1:0", ConnectionString = _azurite.ConnectionString, Settings = all }, Token);
        var clusters = Central.Services.GetRequiredService<ClusterStore>();
        Id = (await Eventually.GetAsync(() => FindAsync(clusters), cluster => cluster is not null))!.Id;
    }

    /// <summary>Stops the cluster; it counts as connected for a while.</summary>
    public async Task StopClusterAsync()
    {
        await _cluster!.DisposeAsync();
        _cluster = null;
    }

    /// <summary>A cluster that has shown itself and does nothing.</summary>
    public async Task PretendClusterAsync(int messageForm = ClusterHeartbeat.MessageForm) =>
        Id = await Central.Services.GetRequiredService<ClusterStore>().BeatAsync(Name, "0.1.0", messageForm, Token);

    /// <summary>Asks the central server.</summary>
    public Task<ApiAnswer> ScanAsync(string imageName, string cluster = "", bool force = false) =>
        Central.SendAsync("POST", "/v1/images/scan", TokenServer.Scanner, JsonContent.Create(new { imageName, cluster, force }));

    /// <summary>Puts a configuration.</summary>
    public Task<ApiAnswer> ConfigureAsync(string json) =>
        Central.SendAsync("PUT", "/v1/delegatedregistryconfig", TokenServer.Admin, new StringContent(json));

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await StopClusterAsync();
        }

        await Central.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private async Task<Cluster?> FindAsync(ClusterStore clusters) =>
        (await clusters.ListAsync(Token)).SingleOrDefault(cluster => cluster.Name == Name);
}
