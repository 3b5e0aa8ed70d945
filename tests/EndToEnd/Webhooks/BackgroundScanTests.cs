using System.Net;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Scans that nobody waits for, and what becomes of one when somebody does.</summary>
[Collection(EventServers.Name)]
public sealed class BackgroundScanTests(SharedAzurite azurite)
{
    private static readonly MadeImage Slow = TestImages.OfNpm("left-pad@1.3.0");
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThatSomebodyWaitsForLeavesTheQueueOfTheOthers()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        (string slow, string name) = (app.Registry.Push("made/slow", "1", Slow), app.Registry.Push("made/image", "1", Image));
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Slow.Layers[0].Digest));
        await TellAsync(app, $"{slow}@{Slow.Manifest.Digest}");
        await gate.Reached;
        ApiAnswer told = await TellAsync(app, $"{name}@{Image.Manifest.Digest}");

        ApiAnswer scan = await app.ScanAsync(name);
        ScanJob? job = await app.Services.GetRequiredService<JobStore>().FindAsync(JobOf(told), Token);
        gate.Open();

        Assert.Equal(HttpStatusCode.OK, scan.Status);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], scan.Components);
        Assert.Equal((ScanJobState.Done, false), (job!.State, job.IsBackground));
        Assert.Equal([$"{name}", $"{name}@{Image.Manifest.Digest}"], scan.FullNames);
    }

    [Fact]
    public async Task WhoseLayersAreDealtOutLeavesItToo()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, [.. WebhookRequest.Settings, ("Scan:InlineBytes", "0")]);
        (string slow, string name) = (app.Registry.Push("made/slow", "1", Slow), app.Registry.Push("made/image", "1", Image));
        var first = new Gate();
        var second = new Gate();
        app.Registry.Misbehave(BeforeManifest("made/image", first));
        app.Registry.Misbehave(BeforeManifest("made/slow", second));

        // The layers of one wait behind the manifest of the other.
        ApiAnswer told = await TellAsync(app, $"{name}@{Image.Manifest.Digest}");
        await first.Reached;
        await TellAsync(app, $"{slow}@{Slow.Manifest.Digest}");
        first.Open();
        await second.Reached;

        ApiAnswer scan = await app.ScanAsync(name);
        ScanJob? job = await app.Services.GetRequiredService<JobStore>().FindAsync(JobOf(told), Token);
        second.Open();

        Assert.Equal(HttpStatusCode.OK, scan.Status);
        Assert.Equal((ScanJobState.Done, false, ScanRoute.Layers), (job!.State, job.IsBackground, job.Route));
    }

    [Fact]
    public async Task WhoseRegistryDoesNotAnswerIsTriedAgainForLongAndEndsOnce()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        string name = app.Registry.Push("made/image", "1", Image);
        app.Registry.Misbehave((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        });
        string id = JobOf(await TellAsync(app, $"{name}@{Image.Manifest.Digest}"));
        var jobs = app.Services.GetRequiredService<JobStore>();
        await Eventually.GetAsync(() => jobs.FindAsync(id, Token), job => job is { Holder: null, Rests: 1 });

        await app.Services.GetRequiredService<BackgroundQueueHandler>().HandlePoisonAsync(new ScanMessage(id).ToJson(), Token);
        Assert.True((await jobs.FindAsync(id, Token))!.IsOpen);
        app.Registry.Behave();

        ScanJob? done = await Eventually.GetAsync(() => jobs.FindAsync(id, Token), job => job is { IsOpen: false });
        Assert.Equal((ScanJobState.Done, 0), (done!.State, done.Resumptions));
    }

    [Fact]
    public async Task ThatFailsForGoodIsNotTriedAgain()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        string name = app.Registry.Push("made/image", "1", Image);
        app.Registry.Misbehave(Faults.Deny("refused by the test"));
        string id = JobOf(await TellAsync(app, $"{name}@{Image.Manifest.Digest}"));

        ScanJob? failed = await Eventually.GetAsync(() => app.Services.GetRequiredService<JobStore>().FindAsync(id, Token), job => job is { IsOpen: false });

        Assert.Equal((ScanJobState.Failed, 1), (failed!.State, failed.Attempts));
    }

    private static RegistryFault BeforeManifest(string repository, Gate gate) => (context, _) =>
        context.Request.Path.StartsWithSegments($"/v2/{repository}/manifests") ? gate.BeforeAnything(context) : Task.FromResult(false);

    private static string JobOf(ApiAnswer answer) => answer.Json.GetProperty("jobs")[0].GetProperty("id").GetString()!;

    private static async Task<ApiAnswer> TellAsync(ScanApp app, string name)
    {
        using HttpRequestMessage request = WebhookRequest.Signed($$"""{"image":"{{name}}"}""");
        return await app.SendAsync(request);
    }
}
