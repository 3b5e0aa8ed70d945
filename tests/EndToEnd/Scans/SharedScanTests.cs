using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Many callers, one reading: within a process and over two.</summary>
[Collection(ScanServers.Name)]
public sealed class SharedScanTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5", "ini@1.3.5");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task AHundredCallersCostOneReading(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[2].Digest));
        Task<ApiAnswer>[] asked = [.. Enumerable.Range(0, 100).Select(_ => app.ScanAsync(name))];
        await gate.Reached;
        await Eventually.GetAsync(() => Task.FromResult(app.Registry.Requests.Count(request => request.Method == "HEAD")), heads => heads >= 100);

        gate.Open();
        ApiAnswer[] answers = await Task.WhenAll(asked);

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        AssertEachLayerReadOnce(app.Registry);
        Assert.Equal(inlineBytes == "0" ? 2 : 1, app.Registry.Requests.Count(request => request is { Method: "GET", IsManifest: true }));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task CallersOfTwoProcessesCostOneReading(string inlineBytes)
    {
        string prefix = ScanApp.NewPrefix();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Scan:InlineBytes", inlineBytes));
        await using ScanApp other = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Scan:InlineBytes", inlineBytes));
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[2].Digest));
        Task<ApiAnswer>[] asked = [.. Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? app : other).ScanAsync(name))];
        await gate.Reached;
        await Eventually.GetAsync(() => Task.FromResult(app.Registry.Requests.Count(request => request.Method == "HEAD")), heads => heads >= 20);

        gate.Open();
        ApiAnswer[] answers = await Task.WhenAll(asked);

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        AssertEachLayerReadOnce(app.Registry);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task TwoImagesReadALayerThatBothHaveOnce(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        MadeImage same = TestImages.OfNpm("lodash@4.17.20", "express@4.17.1");
        string one = app.Registry.Push("made/one", "1", Image);
        string two = app.Registry.Push("made/two", "1", same);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[0].Digest));
        Task<ApiAnswer>[] asked = [app.ScanAsync(one), app.ScanAsync(two)];
        await gate.Reached;
        await Eventually.GetAsync(() => Task.FromResult(app.Registry.BlobRequests.Any(request => request.Path.EndsWith($"{same.Layers[1].Digest}", StringComparison.Ordinal))), read => read);

        gate.Open();
        ApiAnswer[] answers = await Task.WhenAll(asked);

        Assert.Equal(["ini 1.3.5", "lodash 4.17.20", "minimist 1.2.5"], answers[0].Components);
        Assert.Equal(["express 4.17.1", "lodash 4.17.20"], answers[1].Components);
        Assert.Single(app.Registry.BlobRequests, request => request.Path.EndsWith($"{Image.Layers[0].Digest}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task FiveForcedRetriesOfALongScanCostOne(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes), ("Scan:WaitSeconds", "2"));
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));
        var retries = new List<ApiAnswer>();
        for (int i = 0; i < 4; i++)
        {
            retries.Add(await app.ScanAgainAsync(name));
        }

        gate.Open();
        ApiAnswer fifth = await Eventually.GetAsync(() => app.ScanAgainAsync(name), answer => answer.Status != HttpStatusCode.GatewayTimeout);

        Assert.All(retries, retry => Assert.Equal(HttpStatusCode.GatewayTimeout, retry.Status));
        Assert.Equal(HttpStatusCode.OK, fifth.Status);
        AssertEachLayerReadOnce(app.Registry);
    }

    [Fact]
    public async Task AForceTakesWhatTheOneBeforeHasNotHeard()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<ApiAnswer> asked = app.PostAsync(JsonContent.Create(new { imageName = name, force = true }), cancellationToken: caller.Token);
        await gate.Reached;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.GetAsync(() => OnlyJobAsync(app), job => job is { Unheard: true });

        gate.Open();
        await Eventually.GetAsync(() => OnlyJobAsync(app), job => job is { State: ScanJobState.Done });
        ApiAnswer next = await app.ScanAgainAsync(name);

        Assert.Equal(HttpStatusCode.OK, next.Status);
        AssertEachLayerReadOnce(app.Registry);
    }

    [Fact]
    public async Task ACallerOfAnotherNameIsNotFailedByTheFirst()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string forbidden = app.Registry.Push("made/forbidden", "1", Image);
        string allowed = app.Registry.Push("made/allowed", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(async (context, found) =>
            context.Request.Path.Value!.Contains("made/forbidden/blobs", StringComparison.Ordinal)
            && (await gate.Before(found!.Digest)(context, found) || await Faults.Deny("not yours")(context, found)));
        Task<ApiAnswer> first = app.ScanAsync(forbidden);
        await gate.Reached;
        Task<ApiAnswer> second = app.ScanAsync(allowed);
        await Eventually.GetAsync(() => Task.FromResult(app.Registry.Requests.Count(request => request.Method == "HEAD")), heads => heads >= 2);

        gate.Open();

        Assert.Equal(HttpStatusCode.InternalServerError, (await first).Status);
        ApiAnswer answer = await second;
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(allowed, answer.Json.GetProperty("name").GetProperty("fullName").GetString());
    }

    private static async Task<ScanJob?> OnlyJobAsync(ScanApp app) =>
        await app.Services.GetRequiredService<JobStore>().ClaimedAsync(Token).SingleOrDefaultAsync(Token);

    // The configuration is read by each step that needs it.
    private static void AssertEachLayerReadOnce(TestRegistry registry) => Assert.All(
        registry.BlobRequests.GroupBy(request => request.Path).Where(requests => !requests.Key.EndsWith($"{Image.Config.Digest}", StringComparison.Ordinal)),
        requests => Assert.Single(requests));
}
