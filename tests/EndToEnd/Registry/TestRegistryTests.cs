using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Registry;

public sealed class TestRegistryTests : IAsyncLifetime
{
    private static readonly MadeImage Image = DemoImage.Build();
    private static readonly MadeBlob Layer = Image.Layers[0];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private TestRegistry _registry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string LayerPath => $"/v2/made/image/blobs/{Layer.Digest}";

    private static string ManifestPath => "/v2/made/image/manifests/1";

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Cancellation);
        _registry.Push("made/image", "1", Image);
        _client.BaseAddress = new Uri($"http://{_registry.Host}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task ServesManifestsByTagAndDigestAndBlobsByDigest()
    {
        byte[] byTag = await _client.GetByteArrayAsync(ManifestPath, Cancellation);
        byte[] byDigest = await _client.GetByteArrayAsync($"/v2/made/image/manifests/{Image.Manifest.Digest}", Cancellation);
        byte[] blob = await _client.GetByteArrayAsync(LayerPath, Cancellation);

        Assert.Equal(byTag, byDigest);
        Assert.Equal(Image.Manifest.Digest, Digest.OfSha256(SHA256.HashData(byTag)));
        Assert.Equal(Layer.Digest, Digest.OfSha256(SHA256.HashData(blob)));
    }

    [Fact]
    public async Task AnswersAHeadWithTypeLengthAndDigest()
    {
        using HttpResponseMessage response = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, ManifestPath), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MediaTypes.OciManifest, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Image.Manifest.Bytes.Length, response.Content.Headers.ContentLength);
        Assert.Equal([Image.Manifest.Digest.ToString()], response.Headers.GetValues("Docker-Content-Digest"));
    }

    [Fact]
    public async Task AnswersARangeWithThatPartOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, LayerPath) { Headers = { Range = new RangeHeaderValue(10, null) } };

        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Layer.Bytes[10..].ToArray(), await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("/v2/made/image/manifests/none", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/made/none/blobs/sha256:00", "BLOB_UNKNOWN")]
    public async Task NamesWhatItDoesNotKnow(string path, string code)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemembersWhatItWasAsked()
    {
        await _client.GetByteArrayAsync(ManifestPath, Cancellation);
        Assert.Empty(_registry.BlobRequests);

        await _client.GetByteArrayAsync(LayerPath, Cancellation);

        Assert.Equal(LayerPath, Assert.Single(_registry.BlobRequests).Path);
        Assert.Equal(2, _registry.Requests.Count);
    }

    [Fact]
    public async Task TruncatesABlob()
    {
        _registry.Misbehave(RegistryFaults.TruncateBlobs(100));

        byte[] blob = await _client.GetByteArrayAsync(LayerPath, Cancellation);

        Assert.Equal(Layer.Bytes[..100].ToArray(), blob);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.PartialContent)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task BreaksOffOnceAndThenHonoursARangeOrNot(bool honourRange, HttpStatusCode secondAnswer)
    {
        _registry.Misbehave(RegistryFaults.BreakBlobs(100, times: 1, honourRange));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.GetByteArrayAsync(LayerPath, Cancellation));
        using var again = new HttpRequestMessage(HttpMethod.Get, LayerPath) { Headers = { Range = new RangeHeaderValue(100, null) } };
        using HttpResponseMessage response = await _client.SendAsync(again, Cancellation);

        Assert.Equal(secondAnswer, response.StatusCode);
    }

    [Fact]
    public async Task CorruptsABlobWithoutChangingItsLength()
    {
        _registry.Misbehave(RegistryFaults.CorruptBlobs());

        byte[] blob = await _client.GetByteArrayAsync(LayerPath, Cancellation);

        Assert.Equal(Layer.Bytes.Length, blob.Length);
        Assert.NotEqual(Layer.Digest, Digest.OfSha256(SHA256.HashData(blob)));
    }

    [Fact]
    public async Task MislabelsAManifest()
    {
        _registry.Misbehave(RegistryFaults.MislabelManifests(Layer.Digest));

        using HttpResponseMessage response = await _client.GetAsync(ManifestPath, Cancellation);

        Assert.Equal([Layer.Digest.ToString()], response.Headers.GetValues("Docker-Content-Digest"));
    }

    [Fact]
    public async Task RedirectsBlobsToAnotherHost()
    {
        _registry.Misbehave(RegistryFaults.RedirectBlobs("http://169.254.169.254"));

        using HttpResponseMessage response = await _client.GetAsync(LayerPath, Cancellation);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal($"http://169.254.169.254{LayerPath}", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task RefusesAsOftenAsToldAndSaysWhenToComeBack()
    {
        _registry.Misbehave(RegistryFaults.Refuse(429, times: 1, retryAfter: 7));

        using HttpResponseMessage first = await _client.GetAsync(ManifestPath, Cancellation);
        using HttpResponseMessage second = await _client.GetAsync(ManifestPath, Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), first.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task StallsUntilTheCallerHangsUp()
    {
        _registry.Misbehave(RegistryFaults.StallBlobs());

        using HttpResponseMessage response = await _client.GetAsync(LayerPath, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[Layer.Bytes.Length / 2], Cancellation);
        Task<int> rest = body.ReadAsync(new byte[1], Cancellation).AsTask();

        Assert.False(rest.IsCompleted);
    }

    [Fact]
    public async Task AsksForBasicCredentials()
    {
        _registry.Misbehave(RegistryFaults.RequireBasic("user", "secret"));

        using HttpResponseMessage without = await _client.GetAsync(ManifestPath, Cancellation);
        _client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("user:secret")));
        using HttpResponseMessage with = await _client.GetAsync(ManifestPath, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal("Basic", Assert.Single(without.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task SendsCallersToItsRealmForABearerToken()
    {
        _registry.Misbehave(RegistryFaults.RequireBearer("a-token"));

        using HttpResponseMessage without = await _client.GetAsync(ManifestPath, Cancellation);
        string issued = await _client.GetStringAsync("/token?scope=x", Cancellation);
        _client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token");
        using HttpResponseMessage with = await _client.GetAsync(ManifestPath, Cancellation);

        Assert.Equal(
            $"realm=\"http://{_registry.Host}/token\",service=\"test registry\",scope=\"repository:made/image:pull\"",
            Assert.Single(without.Headers.WwwAuthenticate).Parameter);
        Assert.Contains("\"a-token\"", issued, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }
}
