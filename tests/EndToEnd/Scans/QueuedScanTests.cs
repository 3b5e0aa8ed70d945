using System.Net;
using System.Text;
using Azure.Storage.Queues;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class QueuedScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Demo = DemoImage.Build();
    private static readonly (string, string) Queued = ("Scan:InlineBytes", "0");

    private ScanApp _app = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite, Queued);
        _name = _app.Registry.Push("made/image", "1", Demo);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task GivesTheBytesThatAReadingWithoutTheQueueGives()
    {
        await using TokenServer inline = await TokenServer.StartAsync(azurite, _app.Registry.Host);
        string expected = (await inline.ScanAsync(_name)).WithoutTimes;

        ApiAnswer answer = await _app.ScanAsync(_name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, answer.WithoutTimes);
        Assert.Equal(answer.Text, (await _app.ScanAsync(_name)).Text);
    }

    [Fact]
    public async Task TellsTheCallerAtOnceWhatTheRegistryRefuses()
    {
        _app.Registry.Misbehave(Faults.On(Demo.Layers[0].Digest, Faults.Deny("the licence of this image has ended")));

        ApiAnswer answer = await _app.ScanAsync(_name);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.StartsWith($"image enrichment error: error getting metadata for image: {_name} error: getting metadata from registry: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("DENIED: the licence of this image has ended", answer.Message, StringComparison.Ordinal);
        Assert.Single(_app.Registry.BlobRequests, request => request.Path.EndsWith($"{Demo.Layers[0].Digest}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task IsTriedAgainAfterAFailureThatMayPass()
    {
        _app.Registry.Misbehave(Faults.On(Demo.Layers[0].Digest, RegistryFaults.Refuse(503, times: 1, retryAfter: 3600)));

        ApiAnswer answer = await _app.ScanAsync(_name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(9, answer.Components.Length);
    }

    [Fact]
    public async Task AnswersAllWhoForceItAtOnceWithOneReadingAndWhoForcesItLaterWithAnother()
    {
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.ScanAgainAsync(_name)));
        int readings = ReadingsOf(Demo.Layers[0]);
        ApiAnswer later = await _app.ScanAgainAsync(_name);

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Equal(HttpStatusCode.OK, later.Status);
        Assert.Equal((1, 2), (readings, ReadingsOf(Demo.Layers[0])));
    }

    [Fact]
    public async Task StaysDoneWhenItsMessageComesAgain()
    {
        var jobs = _app.Services.GetRequiredService<JobStore>();
        var images = _app.Services.GetRequiredService<ScanQueueHandler>();
        var layers = _app.Services.GetRequiredService<LayerQueueHandler>();
        await jobs.CreateAsync(
            new ScanJob { Id = "twice", Target = "t", ImageName = _name, Platform = "", Force = true, State = ScanJobState.Queued, CreatedAt = DateTimeOffset.UtcNow },
            Token);
        string message = new ScanMessage("twice").ToJson();
        string layer = new LayerMessage("twice", $"{Demo.Layers[0].Digest}").ToJson();
        await images.HandleAsync(message, Token);
        ScanJob? done = await Eventually.GetAsync(() => jobs.FindWholeAsync("twice", Token), job => job is { IsOpen: false });

        _app.Registry.Misbehave(Faults.On(Demo.Layers[0].Digest, Faults.Deny("no more")));
        await images.HandleAsync(message, Token);
        await images.HandlePoisonAsync(message, Token);
        await layers.HandleAsync(layer, Token);
        await layers.HandlePoisonAsync(layer, Token);

        Assert.Equal(ScanJobState.Done, done!.State);
        Assert.Equivalent(done, await jobs.FindWholeAsync("twice", Token));
    }

    [Fact]
    public async Task IsNotHeldUpByMessagesOfOthers()
    {
        QueueClient queue = await _app.Services.GetRequiredService<StorageAccount>().QueueAsync(QueueNames.ImageScans, Token);
        await queue.SendMessageAsync("no base64 {", Token);
        await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("no scan")), Token);
        await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(new ScanMessage("job of nobody").ToJson())), Token);

        ApiAnswer answer = await _app.ScanAsync(_name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private int ReadingsOf(MadeBlob layer) =>
        _app.Registry.BlobRequests.Count(request => request.Path.EndsWith($"{layer.Digest}", StringComparison.Ordinal));
}
