using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Two processes on one storage account, and one of them goes away in the middle of a layer.</summary>
[Collection(KilledServers.Name)]
public sealed class TwoServersTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(3) };
    private readonly Dictionary<string, string> _settings = new()
    {
        ["AzureWebJobsStorage"] = azurite.ConnectionString,
        ["Storage__Prefix"] = ScanApp.NewPrefix(),
    };

    private TestRegistry _registry = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _name = _registry.Push("made/image", "1", Image);
        _registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.StallBlobs()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    // Killed: half a minute until it is clear that nobody works on it, and then the rest of the work.
    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task AnswerTheCallerOfOneWhenTheOtherIsKilled(string inlineBytes)
    {
        _settings["Scan__InlineBytes"] = inlineBytes;
        using CommandProcess first = Serve();
        Task<ApiAnswer> lost = ScanAsync(await first.AddressAsync());
        await IsReadingAsync();
        await KeptLayers.HaveAsync(Image.Layers[0].Digest, azurite.ConnectionString, _settings["Storage__Prefix"]);
        using CommandProcess second = Serve();
        Task<ApiAnswer> asked = ScanAsync(await second.AddressAsync());
        await Task.Delay(TimeSpan.FromSeconds(1), Token);
        Assert.False(asked.IsCompleted);

        _registry.Behave();
        await first.KillAsync();
        ApiAnswer answer = await asked;

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Single(_registry.BlobRequests, request => request.Path.EndsWith($"{Image.Layers[0].Digest}", StringComparison.Ordinal));
    }

    // Told to stop: at once, since it gives back what it has.
    [Fact]
    public async Task GoOnAtOnceWithWhatTheOtherHadInWorkWhenItWasToldToStop()
    {
        _settings["Scan__InlineBytes"] = "0";
        using CommandProcess first = Serve();
        Task<ApiAnswer> lost = ScanAsync(await first.AddressAsync());
        await IsReadingAsync();
        using CommandProcess second = Serve();
        Uri address = await second.AddressAsync();

        _registry.Behave();
        var since = Stopwatch.StartNew();
        first.Terminate();
        ApiAnswer stored = await Eventually.GetAsync(() => GetAsync(address, $"/v1/images/{Image.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);

        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], stored.Components);
        await first.EndedAsync();
        await Task.WhenAny(lost);
    }

    private CommandProcess Serve() => CommandProcess.Start(_settings, "serve", "--urls", "http://127.0.0.1:0");

    private Task<bool> IsReadingAsync() => Eventually.GetAsync(
        () => Task.FromResult(_registry.BlobRequests.Any(request => request.Path.EndsWith($"{Image.Layers[1].Digest}", StringComparison.Ordinal))), asked => asked);

    private async Task<ApiAnswer> ScanAsync(Uri address)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(new Uri(address, "/v1/images/scan"), new { imageName = _name }, Token);
        return await ApiAnswer.ReadAsync(response, Token);
    }

    private async Task<ApiAnswer> GetAsync(Uri address, string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(address, path), Token);
        return await ApiAnswer.ReadAsync(response, Token);
    }
}
