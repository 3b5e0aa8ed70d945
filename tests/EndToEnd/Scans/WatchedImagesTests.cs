using System.Net;
using System.Net.Http.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class WatchedImagesTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Old = TestImages.OfNpm("lodash@4.17.20");
    private static readonly MadeImage New = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private ScanApp _app = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WatchedImages Watched => _app.Services.GetRequiredService<WatchedImages>();

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite, ("Scan:WaitSeconds", "5"));
        _name = _app.Registry.Push("made/image", "latest", Old);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task AreScannedAndListedInOrder()
    {
        string other = _app.Registry.Push("a/b", "1", Old);

        ApiAnswer watched = await WatchAsync(_name[..^":latest".Length]);
        await WatchAsync(other);
        await WatchAsync(_name);
        ApiAnswer list = await _app.GetAsync("/v1/watchedimages");

        Assert.Equal((HttpStatusCode.OK, $$"""{"normalizedName":"{{_name}}","errorType":"NO_ERROR","errorMessage":""}"""), (watched.Status, watched.Text));
        Assert.Equal($$"""{"watchedImages":[{"name":"{{other}}"},{"name":"{{_name}}"}]}""", list.Text);
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync($"/v1/images/{Old.Manifest.Digest}")).Status);
    }

    [Fact]
    public async Task AreRemovedByEitherNameWatchedOrNot()
    {
        await WatchAsync(_name);

        ApiAnswer removed = await UnwatchAsync(_name[..^":latest".Length]);
        ApiAnswer again = await UnwatchAsync(_name);
        ApiAnswer nonsense = await UnwatchAsync("no/N@me'");
        ApiAnswer none = await UnwatchAsync("");

        Assert.All(new[] { removed, again, nonsense, none }, answer => Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text)));
        Assert.Equal("""{"watchedImages":[]}""", (await _app.GetAsync("/v1/watchedimages")).Text);
    }

    [Theory]
    [InlineData("", "no image name specified")]
    [InlineData("Nginx", "failed to parse name: error parsing image name 'Nginx': invalid reference format: repository name (library/Nginx) must be lowercase")]
    [InlineData("https://x/y", "failed to parse name: error parsing image name 'https://x/y': invalid reference format")]
    [InlineData(
        "nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "name nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa contains a digest, but watch does not handle images with digests")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa contains a digest, but watch does not handle images with digests")]
    public async Task HaveNamesWithoutDigests(string name, string message)
    {
        ApiAnswer answer = await WatchAsync(name);

        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"normalizedName":"","errorType":"INVALID_IMAGE_NAME","errorMessage":"{{message}}"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task AreNotWatchedWhenTheyCannotBeScanned()
    {
        string none = $"{_app.Registry.Host}/made/none:1";

        ApiAnswer answer = await WatchAsync(none);
        ApiAnswer scan = await _app.ScanAsync(none);

        Assert.Equal((HttpStatusCode.OK, "", "SCAN_FAILED"), (answer.Status, Field(answer, "normalizedName"), Field(answer, "errorType")));
        Assert.Equal($"failed to scan image: {scan.Message}", Field(answer, "errorMessage"));
        Assert.StartsWith("failed to scan image: image enrichment error: error getting metadata for image: ", Field(answer, "errorMessage"), StringComparison.Ordinal);
        Assert.Equal("""{"watchedImages":[]}""", (await _app.GetAsync("/v1/watchedimages")).Text);
    }

    [Fact]
    public async Task WhoseScanTakesLongAreWatchedByTheSameRequestLater()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Old.Layers[0].Digest));

        ApiAnswer tooSlow = await WatchAsync(_name);
        gate.Open();
        ApiAnswer later = await Eventually.GetAsync(() => WatchAsync(_name), answer => Field(answer, "errorType") == "NO_ERROR");

        Assert.Equal((HttpStatusCode.OK, "SCAN_FAILED"), (tooSlow.Status, Field(tooSlow, "errorType")));
        Assert.StartsWith($"failed to scan image: context deadline exceeded: The scan of {_name} goes on and has taken more than 5 s so far; ask again for its result, or for /v1/scans/", Field(tooSlow, "errorMessage"), StringComparison.Ordinal);
        Assert.Equal(_name, Field(later, "normalizedName"));
    }

    [Fact]
    public async Task ThatHaveMovedAreScannedWithoutACaller()
    {
        await WatchAsync(_name);
        await IsDueAsync(_name);
        _app.Registry.Push("made/image", "latest", New);

        int looked = await Watched.RunAsync(Token);
        ApiAnswer moved = await Eventually.GetAsync(() => _app.GetAsync($"/v1/images/{New.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);

        Assert.Equal(1, looked);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], moved.Components);
        Assert.Equal(0, await Watched.RunAsync(Token));
    }

    [Fact]
    public async Task ThatHaveNotMovedCostOneHead()
    {
        await WatchAsync(_name);
        await IsDueAsync(_name);
        int before = _app.Registry.Requests.Count;

        await Watched.RunAsync(Token);

        Assert.Equal("HEAD", Assert.Single(_app.Registry.Requests.Skip(before)).Method);
    }

    [Fact]
    public async Task AreLookedAtWhenTheirHoursAreOver()
    {
        await WatchAsync(_name);
        int before = _app.Registry.Requests.Count;

        Assert.Equal(0, await Watched.RunAsync(Token));
        Assert.Equal(before, _app.Registry.Requests.Count);
    }

    [Fact]
    public async Task ThatFailCostOnlyThemselves()
    {
        string gone = $"{_app.Registry.Host}/made/gone:1";
        await IsDueAsync(gone);
        await IsDueAsync("127.0.0.1:1/nobody/there:1");
        await IsDueAsync(_name);

        int looked = await Watched.RunAsync(Token);

        Assert.Equal(3, looked);
        await Eventually.GetAsync(() => _app.GetAsync($"/v1/images/{Old.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(0, await Watched.RunAsync(Token));
        Assert.Contains(gone, (await _app.GetAsync("/v1/watchedimages")).Text, StringComparison.Ordinal);
    }

    private async Task IsDueAsync(string name)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? image, out string? reason), reason);
        await _app.Services.GetRequiredService<WatchStore>().AddAsync(image, DateTimeOffset.UtcNow.AddHours(-5), Token);
    }

    private static string? Field(ApiAnswer answer, string name) => answer.Json.GetProperty(name).GetString();

    private async Task<ApiAnswer> WatchAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/watchedimages") { Content = JsonContent.Create(new { name }) };
        return await _app.SendAsync(request);
    }

    private async Task<ApiAnswer> UnwatchAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/watchedimages?name={Uri.EscapeDataString(name)}");
        return await _app.SendAsync(request);
    }
}
