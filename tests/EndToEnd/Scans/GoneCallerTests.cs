using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class GoneCallerTests(SharedAzurite azurite)
{
    private static readonly MadeImage Demo = DemoImage.Build();

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task LeavesAScanThatGoesOn(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        string name = app.Registry.Push("made/image", "1", Demo);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Demo.Layers[1].Digest));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<ApiAnswer> asked = app.PostAsync(JsonContent.Create(new { imageName = name }), cancellationToken: caller.Token);
        await gate.Reached;

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/v1/images/{Demo.Manifest.Digest}")).Status);
        gate.Open();

        await Eventually.GetAsync(() => app.GetAsync($"/v1/images/{Demo.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);
        int before = app.Registry.BlobRequests.Count;
        ApiAnswer stored = await app.ScanAsync(name);
        Assert.Equal(before, app.Registry.BlobRequests.Count);
        Assert.Equal((await app.ScanAgainAsync(name)).WithoutTimes, stored.WithoutTimes);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task LeavesTheOthersWhoWaitForTheSame(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        string name = app.Registry.Push("made/image", "1", Demo);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Demo.Layers[1].Digest));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<ApiAnswer> leaves = app.PostAsync(JsonContent.Create(new { imageName = name }), cancellationToken: caller.Token);
        await gate.Reached;
        int before = app.Registry.Requests.Count;
        Task<ApiAnswer> stays = app.ScanAsync(name);
        await Eventually.GetAsync(() => Task.FromResult(app.Registry.Requests.Count), asked => asked > before);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        gate.Open();
        ApiAnswer answer = await stays;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(9, answer.Components.Length);
        Assert.All(Demo.Layers, layer => Assert.Single(app.Registry.BlobRequests, request => request.Path.EndsWith($"{layer.Digest}", StringComparison.Ordinal)));
    }
}
