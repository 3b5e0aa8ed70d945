using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Clusters;

[Collection(EventServers.Name)]
public sealed class DelegatedScanTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    [Fact]
    public async Task IsDoneByTheClusterThatAloneReachesTheRegistry()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();

        ApiAnswer here = await lab.ScanAsync(name);
        ApiAnswer byName = await lab.ScanAsync(name, lab.Name);
        ApiAnswer byId = await lab.ScanAsync(name, lab.Id);

        Assert.Equal(HttpStatusCode.InternalServerError, here.Status);
        Assert.Equal(HttpStatusCode.OK, byName.Status);
        Assert.True(byName.Json.GetProperty("isClusterLocal").GetBoolean());
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], byName.Components);
        Assert.Equal(byName.Text, byId.Text);
    }

    [Fact]
    public async Task IsDoneByTheClusterThatTheConfigurationNames()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        await lab.ConfigureAsync($$"""{"enabledFor":"SPECIFIC","registries":[{"path":"{{lab.Registry.Host}}/private","clusterId":"{{lab.Id}}"}]}""");

        ApiAnswer listed = await lab.ScanAsync(name);
        ApiAnswer other = await lab.ScanAsync(lab.Registry.Push("other/image", "1", Image));

        Assert.Equal((HttpStatusCode.OK, true), (listed.Status, listed.Json.GetProperty("isClusterLocal").GetBoolean()));
        Assert.Equal(HttpStatusCode.InternalServerError, other.Status);
    }

    [Fact]
    public async Task GoesByTheClustersOneQueueLayerByLayer()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync(("Scan:InlineBytes", "0"));

        ApiAnswer answer = await lab.ScanAsync(name, lab.Name);

        Assert.Equal((HttpStatusCode.OK, true), (answer.Status, answer.Json.GetProperty("isClusterLocal").GetBoolean()));
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Equal(2, Image.Layers.Count(layer => LayersRead(lab).Count(path => path.EndsWith($"{layer.Digest}", StringComparison.Ordinal)) == 1));
    }

    [Fact]
    public async Task ReadsEverythingAgainThereIfForced()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        await lab.ScanAsync(name, lab.Name);

        ApiAnswer again = await lab.ScanAsync(name, lab.Name);
        int before = LayersRead(lab).Length;
        ApiAnswer forced = await lab.ScanAsync(name, lab.Name, force: true);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (again.Status, forced.Status));
        Assert.Equal((2, 4), (before, LayersRead(lab).Length));
    }

    [Fact]
    public async Task IsAnsweredFromTheStoreWhereTheNameHasADigest()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        ApiAnswer first = await lab.ScanAsync(name, lab.Name);
        await lab.StopClusterAsync();
        int asked = lab.Registry.Requests.Count;

        ApiAnswer stored = await lab.ScanAsync($"{lab.Registry.Host}/private/image@{Image.Manifest.Digest}", lab.Name);

        Assert.Equal((HttpStatusCode.OK, true), (stored.Status, stored.Json.GetProperty("isClusterLocal").GetBoolean()));
        Assert.Equal(first.Components, stored.Components);
        Assert.Equal(asked, lab.Registry.Requests.Count);
    }

    [Fact]
    public async Task IsDoneThereForAWatchedImage()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        await lab.ConfigureAsync($$"""{"enabledFor":"SPECIFIC","registries":[{"path":"{{lab.Registry.Host}}/private","clusterId":"{{lab.Id}}"}]}""");

        ApiAnswer watched = await lab.Central.SendAsync("POST", "/v1/watchedimages", TokenServer.Admin, JsonContent.Create(new { name }));

        Assert.Equal($$"""{"normalizedName":"{{name}}","errorType":"NO_ERROR","errorMessage":""}""", watched.Text);
        ApiAnswer stored = await lab.Central.SendAsync("GET", $"/v1/images/{Image.Manifest.Digest}", TokenServer.Scanner);
        Assert.True(stored.Json.GetProperty("isClusterLocal").GetBoolean());
    }

    // Whoever knows a digest only must not learn what is in another's repository by it.
    [Fact]
    public async Task IsNotAnsweredFromTheStoreUnderAnotherRepository()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, ("Scan:WaitSeconds", "2"));
        await lab.StartClusterAsync();
        await lab.ScanAsync(lab.Registry.Push("private/image", "1", Image), lab.Name);
        await lab.StopClusterAsync();

        ApiAnswer answer = await lab.ScanAsync($"{lab.Registry.Host}/mine/image@{Image.Manifest.Digest}", lab.Name);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
    }

    [Fact]
    public async Task SaysWhyTheClusterCouldNotDoIt()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync();
        lab.Registry.Behave();
        lab.Registry.Misbehave(Faults.On(Image.Config.Digest, Faults.Deny("the licence of this image has ended")));

        ApiAnswer answer = await lab.ScanAsync(name, lab.Name);

        Assert.Equal((HttpStatusCode.InternalServerError, 13), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.StartsWith(
            $"error delegating scan to cluster \"{lab.Id}\" for \"{name}\": image enrichment error: error getting metadata for image: {name} error: ",
            answer.Message, StringComparison.Ordinal);
        Assert.Contains("DENIED: the licence of this image has ended", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatItGoesOnToACallerWhoHasWaitedLongEnough()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, ("Scan:WaitSeconds", "1"));
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.PretendClusterAsync();

        ApiAnswer answer = await lab.ScanAsync(name, lab.Name);

        Assert.Equal((HttpStatusCode.GatewayTimeout, 4), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.StartsWith($"error delegating scan to cluster \"{lab.Id}\" for \"{name}\": context deadline exceeded: ", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TellsTheCallerAtOnceWhenTheClustersMessageIsGivenUp()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.PretendClusterAsync();
        Task<ApiAnswer> asked = lab.ScanAsync(name, lab.Name);
        WorkQueue queue = lab.Central.Services.GetRequiredService<ScanQueues>().Of(lab.Name);
        IReadOnlyList<ReceivedMessage> messages = await Eventually.GetAsync(
            () => queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), received => received.Count > 0);

        await lab.Central.Services.GetRequiredService<MixedQueueHandler>().HandlePoisonAsync(messages[0].Text, TestContext.Current.CancellationToken);

        ApiAnswer answer = await asked;
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.StartsWith($"error delegating scan to cluster \"{lab.Id}\" for \"{name}\": ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("tried several times and given up", answer.Message, StringComparison.Ordinal);
    }

    // Here every queue is empty: that says nothing of what waits in the cluster's.
    [Fact]
    public async Task IsSentAgainBySweepingOnlyIfTheClustersQueueHasItNoMore()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, ("Scan:WaitSeconds", "1"));
        await lab.PretendClusterAsync();
        await lab.ScanAsync(lab.Registry.Push("private/image", "1", Image), lab.Name);
        IServiceProvider services = lab.Central.Services;
        var later = new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromHours(6));
        var sweep = new JobSweep(
            services.GetRequiredService<JobStore>(),
            services.GetRequiredService<ScanQueues>(),
            services.GetRequiredService<JobResumption>(),
            new ScanSettings(),
            later,
            NullLogger<JobSweep>.Instance);

        Assert.Equal(0, await sweep.RunAsync(token));

        WorkQueue queue = services.GetRequiredService<ScanQueues>().Of(lab.Name);
        await queue.DeleteAsync(Assert.Single(await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), token)), token);
        Assert.Equal(1, await sweep.RunAsync(token));
        Assert.Single(await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), token));
    }

    [Fact]
    public async Task IsRefusedForAClusterThatThereIsNotBeforeTheNameIsLookedAt()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        await lab.PretendClusterAsync();

        ApiAnswer unknown = await lab.ScanAsync("", "no\"body");
        ApiAnswer known = await lab.ScanAsync("", lab.Name);

        Assert.Equal(
            (HttpStatusCode.NotFound, "cluster \"no\\\"body\" not found, ensure cluster exists and have access"), (unknown.Status, unknown.Message));
        Assert.Equal(5, unknown.Json.GetProperty("code").GetInt32());
        Assert.Equal((HttpStatusCode.BadRequest, "image name must be specified: invalid arguments"), (known.Status, known.Message));
    }

    [Fact]
    public async Task IsRefusedForAClusterThatIsGone()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, ("Cluster:ConnectedSeconds", "6"));
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.StartClusterAsync(("Cluster:ConnectedSeconds", "6"));
        ApiAnswer alive = await lab.ScanAsync(name, lab.Name);
        await lab.ConfigureAsync($$"""{"enabledFor":"ALL","defaultClusterId":"{{lab.Id}}"}""");
        await lab.StopClusterAsync();
        int asked = lab.Registry.Requests.Count;

        ApiAnswer named = await Eventually.GetAsync(() => lab.ScanAsync(Stored(lab), lab.Name), answer => answer.Status != HttpStatusCode.OK);
        ApiAnswer configured = await lab.ScanAsync(name);
        ApiAnswer noName = await lab.ScanAsync("", lab.Name);

        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal((HttpStatusCode.InternalServerError, $"no connection to \"{lab.Id}\""), (named.Status, named.Message));
        Assert.Equal((named.Status, named.Text), (configured.Status, configured.Text));
        Assert.Equal(13, named.Json.GetProperty("code").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, noName.Status);
        Assert.Equal(asked, lab.Registry.Requests.Count);
    }

    [Fact]
    public async Task IsRefusedForAClusterThatCannotReadOurMessages()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        await lab.PretendClusterAsync(ClusterHeartbeat.MessageForm - 1);

        ApiAnswer answer = await lab.ScanAsync("docker.io/library/nginx", lab.Name);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, $"cluster \"{lab.Id}\" does not support delegated scanning"), (answer.Status, answer.Message));
        Assert.Equal(13, answer.Json.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task IsRefusedWhereTheConfigurationNamesNoCluster()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        await lab.ConfigureAsync("""{"enabledFor":"ALL"}""");

        ApiAnswer answer = await lab.ScanAsync(lab.Registry.Push("private/image", "1", Image));

        Assert.Equal(
            (HttpStatusCode.BadRequest, "no ad-hoc cluster ID specified in the delegated scanning config"), (answer.Status, answer.Message));
        Assert.Equal(3, answer.Json.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task IsTriedHereInThatCaseByALaterApi()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite, ("Api:Level", "4.9"));
        string name = lab.Registry.Push("private/image", "1", Image);
        await lab.ConfigureAsync("""{"enabledFor":"ALL"}""");

        ApiAnswer answer = await lab.ScanAsync(name);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.StartsWith($"image enrichment errors: [error getting metadata for image: {name} error: ", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith(", no cluster specified for delegated scanning and Central scan attempt failed]", answer.Message, StringComparison.Ordinal);
    }

    private static string Stored(ClusterLab lab) => $"{lab.Registry.Host}/private/image@{Image.Manifest.Digest}";

    private static string[] LayersRead(ClusterLab lab) =>
    [
        .. lab.Registry.BlobRequests.Where(request => request.Authorization.Length > 0).Select(request => request.Path)
            .Where(path => Image.Layers.Any(layer => path.EndsWith($"{layer.Digest}", StringComparison.Ordinal))),
    ];
}
