using System.Net;
using Azure.Storage.Queues;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Layers over the queue, by hand: no worker takes the messages but the test.</summary>
[Collection(ScanServers.Name)]
public sealed class DealtOutScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5", "ini@1.3.5");

    private TestRegistry _registry = null!;
    private TokenServer _server = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _server = await TokenServer.StartAsync(azurite, ScanApp.NewPrefix(), inlineBytes: 0, _registry.Host);
        _name = _registry.Push("made/image", "1", Image);
        await ClearQueuesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ClearQueuesAsync();
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task TheLayerThatCompletesTheSetSendsOneMessageThatJoins()
    {
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        ScanJob dealt = await DealtOutAsync();
        string[] messages = await TakeAsync(QueueNames.LayerScans, 3);

        await LayerAsync(messages[0]);
        await LayerAsync(messages[1]);
        ScanJob half = (await Jobs.FindWholeAsync(dealt.Id, Token))!;
        Assert.Empty(await TakeAsync(QueueNames.ImageScans, 0));
        await LayerAsync(messages[2]);
        string join = Assert.Single(await TakeAsync(QueueNames.ImageScans, 1));
        await ImageAsync(join);
        ScanJob done = (await Jobs.FindWholeAsync(dealt.Id, Token))!;
        ApiAnswer answer = await asked;

        Assert.Equal((ScanJobState.Reading, null, ScanRoute.Layers), (dealt.State, dealt.Holder, dealt.Route));
        Assert.Contains("Scan__InlineBytes is 0", dealt.RouteReason, StringComparison.Ordinal);
        Assert.Equal(2, half.Layers.Count(layer => layer.State == JobLayerState.Done));
        Assert.Equal((ScanJobState.Done, ScanRoute.Layers, $"{Image.Manifest.Digest}"), (done.State, done.Route, done.ResultId));
        Assert.All(done.Layers, layer => Assert.Equal((JobLayerState.Done, layer.Size, 1), (layer.State, layer.BytesRead, layer.Attempts)));
        Assert.Equal(["planning", "joining", "matching"], done.Phases.Select(phase => phase.Name).Distinct());
        Assert.Equal(["ini 1.3.5", "lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Empty(await Jobs.ClaimedAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task MessagesMayComeTwiceTogetherAndOutOfOrder()
    {
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        ScanJob dealt = await DealtOutAsync();
        string[] messages = await TakeAsync(QueueNames.LayerScans, 3);

        await Task.WhenAll(messages.Concat(messages.Reverse()).Select(LayerAsync));
        string[] joins = await TakeAsync(QueueNames.ImageScans, 1);
        await Task.WhenAll(joins.Concat(joins).Select(ImageAsync));
        await Task.WhenAll(messages.Select(LayerAsync));
        ApiAnswer answer = await asked;

        Assert.Single(joins);
        Assert.Empty(await TakeAsync(QueueNames.ImageScans, 0));
        Assert.Equal(["ini 1.3.5", "lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.All(Image.Layers, layer => Assert.Single(_registry.BlobRequests, request => request.Path.EndsWith($"{layer.Digest}", StringComparison.Ordinal)));
        Assert.Equal(ScanJobState.Done, (await Jobs.FindAsync(dealt.Id, Token))!.State);
    }

    [Fact]
    public async Task ALayerThatCannotBeReadFailsTheJobAndItsCallersHearIt()
    {
        _registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.CorruptBlobs()));
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        ScanJob dealt = await DealtOutAsync();

        foreach (string message in await TakeAsync(QueueNames.LayerScans, 3))
        {
            await LayerAsync(message);
        }

        ApiAnswer answer = await asked;
        ScanJob failed = (await Jobs.FindWholeAsync(dealt.Id, Token))!;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains($"{Image.Layers[1].Digest} was asked for", answer.Message, StringComparison.Ordinal);
        Assert.Equal(ScanJobState.Failed, failed.State);
        Assert.Equal(JobLayerState.Failed, failed.Layers.Single(layer => layer.Digest == Image.Layers[1].Digest).State);
        Assert.Empty(await Jobs.ClaimedAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task APoisonedLayerFailsTheJobWithTheReasonOfItsLastTry()
    {
        _registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.Refuse(503, times: int.MaxValue, retryAfter: 3600)));
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        await DealtOutAsync();
        string broken = (await TakeAsync(QueueNames.LayerScans, 3)).Single(text => text.Contains($"{Image.Layers[1].Digest}", StringComparison.Ordinal));

        await Assert.ThrowsAnyAsync<Exception>(() => LayerAsync(broken));
        await _server.Services.GetRequiredService<LayerQueueHandler>().HandlePoisonAsync(broken, Token);
        ApiAnswer answer = await asked;

        Assert.Contains("tried several times and given up: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("getting metadata from registry", answer.Message, StringComparison.Ordinal);
        Assert.Contains("refused by the test", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QueueNames.LayerScans)]
    [InlineData(QueueNames.ImageScans)]
    public async Task LostMessagesAreSentAgainBySweeping(string lost)
    {
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        ScanJob dealt = await DealtOutAsync();
        string[] messages = await TakeAsync(QueueNames.LayerScans, 3);
        if (lost == QueueNames.ImageScans)
        {
            await Task.WhenAll(messages.Select(LayerAsync));
            await TakeAsync(QueueNames.ImageScans, 1);
        }

        Assert.Equal(0, await SweepAsync(TimeSpan.FromMinutes(4)));
        Assert.Equal(1, await SweepAsync(TimeSpan.FromMinutes(6)));
        await ImageAsync(Assert.Single(await TakeAsync(QueueNames.ImageScans, 1)));
        if (lost == QueueNames.LayerScans)
        {
            await Task.WhenAll((await TakeAsync(QueueNames.LayerScans, 3)).Select(LayerAsync));
            await ImageAsync(Assert.Single(await TakeAsync(QueueNames.ImageScans, 1)));
        }

        Assert.Equal(["ini 1.3.5", "lodash 4.17.20", "minimist 1.2.5"], (await asked).Components);
        Assert.Equal(1, (await Jobs.FindAsync(dealt.Id, Token))!.Resumptions);
    }

    [Fact]
    public async Task AJobThatWaitsInALongQueueIsNotSentAgain()
    {
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        await DealtOutAsync();

        Assert.Equal(0, await SweepAsync(TimeSpan.FromHours(6)));

        await Task.WhenAll((await TakeAsync(QueueNames.LayerScans, 3)).Select(LayerAsync));
        await ImageAsync(Assert.Single(await TakeAsync(QueueNames.ImageScans, 1)));
        Assert.Equal(HttpStatusCode.OK, (await asked).Status);
    }

    [Fact]
    public async Task AFailureDoesNotGiveBackWhatAnotherHasTakenOver()
    {
        Task<ApiAnswer> asked = _server.ScanAsync(_name);
        ScanJob dealt = await DealtOutAsync();
        await Task.WhenAll((await TakeAsync(QueueNames.LayerScans, 3)).Select(LayerAsync));
        string join = Assert.Single(await TakeAsync(QueueNames.ImageScans, 1));
        var gate = new Gate();
        RegistryFault refuse = RegistryFaults.Refuse(503, times: 1, retryAfter: 3600);
        _registry.Misbehave(async (context, found) =>
            context.Request.Method == "HEAD" && (await gate.BeforeAnything(context) || await refuse(context, found)));
        Task late = ImageAsync(join);
        await gate.Reached;
        await Jobs.UpdateAsync(dealt.Id, job => job with { Holder = "another" }, Token);

        gate.Open();
        await Assert.ThrowsAsync<RegistryException>(() => late);

        ScanJob taken = (await Jobs.FindAsync(dealt.Id, Token))!;
        Assert.Equal(("another", ScanJobState.Joining), (taken.Holder, taken.State));
        await ImageAsync(join);
        Assert.Equal(HttpStatusCode.OK, (await asked).Status);
    }

    private JobStore Jobs => _server.Services.GetRequiredService<JobStore>();

    private Task<ScanJob> DealtOutAsync() => Eventually.GetAsync(
        async () => (await Jobs.ClaimedAsync(Token).SingleOrDefaultAsync(Token))!, job => job is { FanOuts: > 0 });

    private Task LayerAsync(string message) => _server.Services.GetRequiredService<LayerQueueHandler>().HandleAsync(message, Token);

    private Task ImageAsync(string message) => _server.Services.GetRequiredService<ScanQueueHandler>().HandleAsync(message, Token);

    private Task<int> SweepAsync(TimeSpan later)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow + later);
        IServiceProvider services = _server.Services;
        return new JobSweep(
            Jobs, services.GetRequiredService<ScanQueues>(), services.GetRequiredService<JobResumption>(), new ScanSettings(), time, NullLogger<JobSweep>.Instance)
            .RunAsync(Token);
    }

    // Queues are shared by all tests, but only one at a time has servers.
    private async Task<string[]> TakeAsync(string queue, int count)
    {
        var taken = new List<string>();
        var work = new WorkQueue(_server.Services.GetRequiredService<StorageAccount>(), queue);
        await Eventually.GetAsync(
            async () =>
            {
                foreach (ReceivedMessage message in await work.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token))
                {
                    await work.DeleteAsync(message, Token);
                    taken.Add(message.Text);
                }

                return taken.Count;
            },
            found => found >= count);
        return [.. taken];
    }

    private async Task ClearQueuesAsync()
    {
        foreach (string name in new[] { QueueNames.ImageScans, QueueNames.LayerScans })
        {
            QueueClient queue = await _server.Services.GetRequiredService<StorageAccount>().QueueAsync(name, Token);
            await queue.ClearMessagesAsync(Token);
        }
    }
}
