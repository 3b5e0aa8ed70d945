using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class GoneCallerTests(SharedAzurite azurite)
{
    private static readonly MadeImage Demo = DemoImage.Build();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task IsAnsweredWhenItForcesAgainAlsoIfItLeftBeforeThereWasAJob()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Demo);
        var asking = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        app.Registry.Misbehave(async (context, _) =>
        {
            asking.TrySetResult();
            await answered.Task.WaitAsync(context.RequestAborted);
            return false;
        });
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Demo.Layers[1].Digest));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<ApiAnswer> asked = app.PostAsync(JsonContent.Create(new { imageName = name, force = true }), cancellationToken: caller.Token);
        await asking.Task.WaitAsync(Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        answered.SetResult();
        await gate.Reached;
        var jobs = app.Services.GetRequiredService<JobStore>();
        ScanJob begun = await Eventually.GetAsync(async () => await jobs.ClaimedAsync(Token).SingleAsync(Token), job => job.Unheard);
        gate.Open();
        await Eventually.GetAsync(async () => (await jobs.FindAsync(begun.Id, Token))!, job => !job.IsOpen);
        int before = app.Registry.BlobRequests.Count;
        ApiAnswer again = await app.ScanAgainAsync(name);

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(before, app.Registry.BlobRequests.Count);
    }
}
