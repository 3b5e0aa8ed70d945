using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Hosting;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Real;

/// <summary>
/// The reference registry, and the app with the snapshot of all shared advisories; both start when the first test asks for them, so that
/// a test that cannot have them is skipped and does not fail.
/// </summary>
public sealed class RealLab(SharedAzurite azurite, SharedAdvisories advisories) : IAsyncDisposable
{
    private DockerRegistry? _registry;
    private LocalServer? _server;
    private HttpClient? _client;

    internal DockerRegistry Registry => _registry!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Pushes an image of <c>../shared</c> and returns its full name.</summary>
    internal async Task<string> PushAsync(string image, string nameAndTag, params string[] options)
    {
        string archive = SharedData.Path("images", $"{image}.tar");
        _registry ??= await DockerRegistry.StartAsync(Token);
        return await Skopeo.PushAsync(archive, Registry.Host, nameAndTag, Token, options);
    }

    internal Task<ImageReply> ScanAsync(string imageName) => PostAsync(new { imageName });

    internal Task<ImageReply> ScanForcedAsync(string imageName) => PostAsync(new { imageName, force = true });

    /// <summary>A scan in another format.</summary>
    internal async Task<byte[]> ReportAsync(string imageName, string format)
    {
        HttpClient client = await ClientAsync();
        using HttpResponseMessage response = await client.PostAsJsonAsync($"/v1/images/scan?format={format}", new { imageName }, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(Token);
    }

    /// <summary>The GETs of blobs that the registry has logged, up to a request that is made now.</summary>
    internal async Task<IReadOnlyList<string>> BlobReadsAsync()
    {
        // The log comes through a pipe: what is in it is known once it holds something that came later.
        string mark = $"/v2/mark/{Guid.NewGuid():n}/tags/list";
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://{Registry.Host}{mark}"), Token);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Registry.AccessLog.Any(line => line.Contains(mark, StringComparison.Ordinal)))
        {
            await Task.Delay(20, patience.Token);
        }

        return Registry.BlobReads;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_registry?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<ImageReply> PostAsync<TBody>(TBody body)
    {
        HttpClient client = await ClientAsync();
        using HttpResponseMessage response = await client.PostAsJsonAsync("/v1/images/scan", body, Token);
        string text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        return new ImageReply(JsonDocument.Parse(text).RootElement);
    }

    private async Task<HttpClient> ClientAsync()
    {
        if (_client is null)
        {
            var settings = new Dictionary<string, string?>
            {
                ["Advisories:Path"] = await advisories.SnapshotAsync(Token),
                ["Storage:Prefix"] = $"T{Guid.NewGuid():n}",
            };
            _server = await LocalServer.StartAsync(
                new LocalServerOptions { Urls = "http://127.0.0.1:0", ConnectionString = azurite.ConnectionString, Settings = settings }, Token);
            _client = new HttpClient { BaseAddress = _server.Address, Timeout = TimeSpan.FromMinutes(3) };
        }

        return _client;
    }
}
