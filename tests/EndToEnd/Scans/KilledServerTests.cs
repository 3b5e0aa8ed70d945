using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(KilledServers.Name)]
public sealed class KilledServerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("0")]
    public async Task LeavesNoHalfResultAndLosesNoLayer(string inlineBytes)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["Storage__Prefix"] = ScanApp.NewPrefix(),
            ["Scan__InlineBytes"] = inlineBytes,
            ["Scan__LeaseSeconds"] = "2",
        };
        string name = _registry.Push("made/image", "1", Image);
        _registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.StallBlobs()));

        using (CommandProcess first = CommandProcess.Start(settings, "serve", "--urls", "http://127.0.0.1:0"))
        {
            Task<ApiAnswer> asked = ScanAsync(await first.AddressAsync(), name);
            await FirstLayerIsKeptAsync(settings["Storage__Prefix"]);
            await first.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => asked);
        }

        _registry.Behave();
        using CommandProcess second = CommandProcess.Start(settings, "serve", "--urls", "http://127.0.0.1:0");
        Uri address = await second.AddressAsync();
        ApiAnswer listed = await GetAsync(address, "/v1/images");
        ApiAnswer half = await GetAsync(address, $"/v1/images/{Image.Manifest.Digest}");
        ApiAnswer answer = await ScanAsync(address, name);

        Assert.Equal("""{"images":[]}""", listed.Text);
        Assert.Equal(HttpStatusCode.NotFound, half.Status);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Single(_registry.BlobRequests, request => request.Path.EndsWith($"{Image.Layers[0].Digest}", StringComparison.Ordinal));
    }

    // Seen from outside: the row of the layer is there.
    private async Task FirstLayerIsKeptAsync(string prefix)
    {
        await KeptLayers.HaveAsync(Image.Layers[0].Digest, azurite.ConnectionString, prefix);
        await Eventually.GetAsync(
            () => Task.FromResult(_registry.BlobRequests.Any(request => request.Path.EndsWith($"{Image.Layers[1].Digest}", StringComparison.Ordinal))), asked => asked);
    }

    private async Task<ApiAnswer> ScanAsync(Uri address, string imageName)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(new Uri(address, "/v1/images/scan"), new { imageName }, Token);
        return await ApiAnswer.ReadAsync(response, Token);
    }

    private async Task<ApiAnswer> GetAsync(Uri address, string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(address, path), Token);
        return await ApiAnswer.ReadAsync(response, Token);
    }
}
