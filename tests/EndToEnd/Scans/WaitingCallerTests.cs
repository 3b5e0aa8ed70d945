using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class WaitingCallerTests(SharedAzurite azurite)
{
    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task IsToldToComeBackAndFindsTheResultThen(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:WaitSeconds", "1"), ("Scan:InlineBytes", inlineBytes));
        MadeImage image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");
        string name = app.Registry.Push("made/image", "1", image);
        var gate = new Gate();
        app.Registry.Misbehave(gate.Before(image.Layers[1].Digest));

        ApiAnswer tooSlow = await app.ScanAsync(name);
        gate.Open();
        await Eventually.GetAsync(() => app.GetAsync($"/v1/images/{image.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);
        int before = app.Registry.BlobRequests.Count;
        ApiAnswer later = await Eventually.GetAsync(() => app.ScanAsync(name), answer => answer.Status != HttpStatusCode.GatewayTimeout);
        ApiAnswer named = await Eventually.GetAsync(
            () => app.GetAsync($"/{tooSlow.Message.Split(", or for /")[^1].TrimEnd('.')}"), answer => answer.Status != HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.GatewayTimeout, tooSlow.Status);
        Assert.Equal(4, tooSlow.Json.GetProperty("code").GetInt32());
        Assert.StartsWith(
            $"context deadline exceeded: The scan of {name} goes on and has taken more than 1 s so far; ask again for its result, or for /v1/scans/", tooSlow.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, named.Status);
        JsonElement detail = Assert.Single(tooSlow.Json.GetProperty("details").EnumerateArray());
        Assert.Equal("""{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"5s"}""", detail.GetRawText());
        Assert.Equal(TimeSpan.FromSeconds(5), tooSlow.Headers.RetryAfter?.Delta);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], later.Components);
        Assert.Equal(before, app.Registry.BlobRequests.Count);
    }
}
