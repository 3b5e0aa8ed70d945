using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class BusyInstanceTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    [Fact]
    public async Task TellsOneCallerTooManyToComeBack()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:WaitingCallers", "2"));
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(Image.Layers[0].Digest));
        Task<ApiAnswer> first = app.ScanAsync(name);
        Task<ApiAnswer> second = app.ScanAsync(name);
        await gate.Reached;

        ApiAnswer refused = await Eventually.GetAsync(
            async () => await Task.WhenAny(app.ScanAsync(name), Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)) is Task<ApiAnswer> asked ? await asked : null,
            answer => answer is not null) ?? throw new InvalidOperationException();
        ApiAnswer notWaiting = await AskAsync(app, name, "respond-async");
        ApiAnswer waitingForALittle = await AskAsync(app, name, "respond-async, wait=1");
        ApiAnswer hardlyWaiting = await AskAsync(app, name, "wait=0");
        gate.Open();

        Assert.Equal((HttpStatusCode.TooManyRequests, 8), (refused.Status, refused.Json.GetProperty("code").GetInt32()));
        Assert.Equal("2 callers wait for scans here already; ask again, or raise Scan__WaitingCallers", refused.Message);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("""[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"5s"}]""", refused.Json.GetProperty("details").GetRawText());
        Assert.Equal(HttpStatusCode.Accepted, notWaiting.Status);
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (waitingForALittle.Status, hardlyWaiting.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).Status, (await second).Status));
        Assert.Equal(HttpStatusCode.OK, (await app.ScanAsync(name)).Status);
    }

    private static async Task<ApiAnswer> AskAsync(ScanApp app, string name, string preference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan") { Content = JsonContent.Create(new { imageName = name }) };
        request.Headers.Add("Prefer", preference);
        return await app.SendAsync(request);
    }
}
