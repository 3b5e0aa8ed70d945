using System.Net;
using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Clusters;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Events of registries that a cluster reads.</summary>
[Collection(EventServers.Name)]
public sealed class ClusterEventTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AreScannedThere()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, WebhookRequest.Settings);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        await DelegateAsync(lab);

        await TellAsync(lab, name);

        ApiAnswer stored = await Eventually.GetAsync(
            () => lab.Central.SendAsync("GET", $"/v1/images/{Image.Manifest.Digest}", TokenServer.Scanner), answer => answer.Status == HttpStatusCode.OK);
        Assert.True(stored.Json.GetProperty("isClusterLocal").GetBoolean());
    }

    // Most senders never send again, and some send nothing else before that is taken.
    [Fact]
    public async Task WaitInItsQueueWhileItIsNotConnectedAndHoldUpNoOthers()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, [.. WebhookRequest.Settings, ("Cluster:ConnectedSeconds", "3")]);
        await lab.PretendClusterAsync();
        await DelegateAsync(lab);
        var clusters = lab.Central.Services.GetRequiredService<ClusterStore>();
        var settings = lab.Central.Services.GetRequiredService<ClusterSettings>();
        await Eventually.GetAsync(() => clusters.ListAsync(Token), all => !settings.IsConnected(all.Single(cluster => cluster.Name == lab.Name)));

        string host = lab.Registry.Host;

        ApiAnswer told = await TellAsync(lab, $"{host}/private/image:1", $"{host}/lost/image:1", $"{host}/other/image:1");

        Assert.Equal((HttpStatusCode.Accepted, 3), (told.Status, told.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal((2, 1), (told.Json.GetProperty("jobs").GetArrayLength(), told.Json.GetProperty("later").GetInt32()));
        ReceivedMessage sent = Assert.Single(await BackgroundOf(lab).ReceiveAsync(32, TimeSpan.FromMinutes(1), Token));
        Assert.Equal(lab.Name, (await JobOfAsync(lab, sent)).Cluster);
    }

    [Fact]
    public async Task LeaveTheQueueOfTheOthersWhenSomebodyWaits()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, [.. WebhookRequest.Settings, ("Scan:WaitSeconds", "1")]);
        await lab.PretendClusterAsync();
        await DelegateAsync(lab);
        string name = $"{lab.Registry.Host}/private/image:1";
        await TellAsync(lab, name);
        Assert.Single(await BackgroundOf(lab).ReceiveAsync(32, TimeSpan.FromMinutes(1), Token));

        await lab.ScanAsync(name);

        ReceivedMessage sent = Assert.Single(await Queues(lab).Of(lab.Name).ReceiveAsync(32, TimeSpan.FromMinutes(1), Token));
        Assert.False((await JobOfAsync(lab, sent)).IsBackground);
    }

    // What it stored would be read by the other deployment, which knows nothing of its webhooks.
    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("edge", 1, 0)]
    public async Task ThatAClusterIsToldItselfAreNeverLeftToOthers(string name, int jobs, int later)
    {
        await using TokenServer server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Cluster:Name", name.Length > 0 ? $"t{Guid.NewGuid():n}" : ""),
                ("Webhooks:generic:Registries", "registry.plant.example"),
            ]);
        WebhookSource source = server.Services.GetRequiredService<WebhookSources>().Find("generic")!;
        var told = new RegistryEvent(RegistryAction.Push, "registry.plant.example", "private/image") { Digest = $"{Image.Manifest.Digest}" };
        long longAgo = TimeProvider.System.GetTimestamp() - (60 * TimeProvider.System.TimestampFrequency);

        EventOutcome outcome = await server.Services.GetRequiredService<RegistryEvents>().TakeAsync(source, [told], longAgo, Token);

        Assert.Equal((jobs, later), (outcome.Jobs.Count, outcome.Later));
    }

    // The API takes no cluster that there is not; one may go after it was named.
    private static Task DelegateAsync(ClusterLab lab) => lab.Central.Services.GetRequiredService<DelegationStore>().SaveAsync(
        new DelegationConfig
        {
            EnabledFor = DelegatedImages.Specific,
            Registries = [new DelegatedRegistry($"{lab.Registry.Host}/private", lab.Id), new DelegatedRegistry($"{lab.Registry.Host}/lost", "nobody")],
        },
        Token);

    private static async Task<ApiAnswer> TellAsync(ClusterLab lab, params IEnumerable<string> names)
    {
        using HttpRequestMessage request = WebhookRequest.Signed($"[{string.Join(',', names.Select(name => $$"""{"image":"{{name}}"}"""))}]");
        return await lab.Central.SendAsync(request);
    }

    private static ScanQueues Queues(ClusterLab lab) => lab.Central.Services.GetRequiredService<ScanQueues>();

    private static WorkQueue BackgroundOf(ClusterLab lab) => Queues(lab).BackgroundOf(lab.Name);

    private static async Task<ScanJob> JobOfAsync(ClusterLab lab, ReceivedMessage sent)
    {
        Assert.True(ScanMessage.TryParse(sent.Text, out ScanMessage? message));
        return (await lab.Central.Services.GetRequiredService<JobStore>().FindAsync(message.JobId, Token))!;
    }
}
