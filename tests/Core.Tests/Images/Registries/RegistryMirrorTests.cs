using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using static ImageScan.Core.Tests.Images.Registries.BrokenBodies;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Mirrors of the settings, and layers that come from more than one place.</summary>
public sealed class RegistryMirrorTests
{
    private const string Host = "registry.example.com";
    private const string Image = $"{Host}/team/image:1";

    private static readonly byte[] Manifest = TestImages.Manifest;
    private static readonly byte[] Layer = TestImages.Layer;
    private static readonly RegistrySettings Mirrored = new() { Host = Host, Mirrors = "one.example.com, two.example.com/cache" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AreAskedInTheirOrderBeforeTheRegistry()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "one.example.com" ? FakeRegistry.Status(HttpStatusCode.NotFound) : Serve(request));
        IImageSource source = registry.Open(Image, null, null, Mirrored);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(
            ["HEAD https://one.example.com/v2/team/image/manifests/1", "HEAD https://two.example.com/v2/cache/team/image/manifests/1"],
            registry.Requests.Take(2).Select(request => $"{request.Method} {request.Uri}"));
        Assert.DoesNotContain(registry.Requests, request => request.Uri.Host == Host);
        Assert.Equal(new ImageOrigin("", "", "two.example.com/cache/team/image:1"), source.Origin);
    }

    [Fact]
    public async Task AreLeftForTheRegistryWhereTheyFail()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == Host ? Serve(request) : FakeRegistry.Status(HttpStatusCode.BadGateway));
        IImageSource source = registry.Open(Image, null, null, Mirrored);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        // Each of them once, and without a wait.
        Assert.Equal(2, registry.Requests.Count(request => request.Uri.Host != Host));
        Assert.Null(source.Origin);
        Assert.Equal(2, registry.Log.Lines.Count(line => line.StartsWith("Warning Registry mirror failed ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DoNotSayWhatATagIsIfOnlyDigestsAreTheirs()
    {
        var registry = new FakeRegistry(Serve);
        IImageSource source = registry.Open(Image, null, null, Mirrored with { MirrorByDigestOnly = true });

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);
        await source.OpenBlobAsync(FakeRegistry.DescriptorOf(Layer), Token);

        Assert.Equal([Host, "one.example.com", "one.example.com"], registry.Requests.Select(request => request.Uri.Host));
    }

    [Fact]
    public async Task SayWhetherADigestIsThereEvenThen()
    {
        var registry = new FakeRegistry(Serve);
        string image = $"{Host}/team/image@{FakeRegistry.DigestOf(Manifest)}";

        await registry.Open(image, null, null, Mirrored with { MirrorByDigestOnly = true }).ResolveAsync(Token);

        Assert.Equal(["one.example.com", "one.example.com"], registry.Requests.Select(request => request.Uri.Host));
    }

    [Fact]
    public async Task OfAnIntegrationDoNotSayWhatATagIsEitherWhereTheSettingsForbidIt()
    {
        var registry = new FakeRegistry(Serve);
        RegistryAccount[] accounts = [new("id", "ours", Host) { Mirror = "one.example.com" }];

        await Open(registry, accounts, new RegistrySettings { Host = Host, MirrorByDigestOnly = true }).ResolveAsync(Token);

        Assert.Equal(Host, Assert.Single(registry.Requests).Uri.Host);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000_000)]
    public async Task MayBeWrongOfASizeInAnAnswerWithoutBody(long size)
    {
        var registry = new FakeRegistry(request =>
        {
            HttpResponseMessage answer = Serve(request);
            answer.Content.Headers.ContentLength = request.Method == "HEAD" ? size : answer.Content.Headers.ContentLength;
            return answer;
        });
        IImageSource source = registry.Open(Image, null, null, Mirrored);

        Descriptor resolved = await source.ResolveAsync(Token);
        await source.ReadManifestAsync(resolved, Platform.Default, Token);

        Assert.Equal(Manifest.Length, resolved.Size);
        Assert.DoesNotContain(registry.Requests, request => request.Uri.Host == Host);
    }

    [Fact]
    public async Task DoNotSayWhatATagIsIfTheyDoNotHaveIt()
    {
        byte[] gone = [.. "{}"u8];
        var registry = new FakeRegistry(request => request.Uri.Host == Host ? Serve(request)
            : request.Method == "HEAD" ? FakeRegistry.Manifest(gone)
            : FakeRegistry.Status(HttpStatusCode.NotFound));

        Descriptor resolved = await registry.Open(Image, null, null, Mirrored).ResolveAsync(Token);

        Assert.Equal(FakeRegistry.DigestOf(Manifest), resolved.Digest);
    }

    [Fact]
    public async Task GetTheLoginOfTheirOwnEntryAndNeverThatOfTheRegistry()
    {
        string own = BasicOf("mirror", "m");
        var registry = new FakeRegistry(request => request.Authorization == own ? Serve(request) : FakeRegistry.Challenge("Basic realm=\"r\""));
        RegistrySettings[] settings =
        [
            Mirrored with { Username = "ann", Password = "secret" },
            new RegistrySettings { Host = "two.example.com", Username = "mirror", Password = "m" },
        ];

        await registry.Open(Image, null, null, settings).ResolveAsync(Token);

        Assert.Equal(
            [("one.example.com", null), ("two.example.com", null), ("two.example.com", own), ("two.example.com", own)],
            registry.Requests.Select(request => (request.Uri.Host, request.Authorization)));
    }

    // The list says what is asked, not what may be connected to: that each mirror's own entry says.
    [Fact]
    public async Task MustBePublicUnlessTheyAreListedThemselves()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == Host ? Serve(request) : FakeRegistry.Status(HttpStatusCode.NotFound));

        await registry.Open(Image, null, null, Mirrored, new RegistrySettings { Host = "two.example.com" }).ResolveAsync(Token);

        Assert.Equal([AddressRule.Public, AddressRule.Any, AddressRule.Any], registry.Requests.Select(request => request.Rule));
    }

    [Fact]
    public async Task AreNotConnectedToWhereTheyMayNotBe()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var origin = new LoopbackServer(_ => Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nDocker-Content-Digest: {FakeRegistry.DigestOf(Manifest)}\r\nContent-Length: {Manifest.Length}\r\nConnection: close\r\n\r\n"));
        using var client = new RegistryClient(
            [new RegistrySettings { Host = $"127.0.0.1:{origin.Port}", Insecure = true, Mirrors = $"127.0.0.1:{server.Port}" }],
            new RegistryClientSettings(),
            TimeProvider.System);
        Assert.True(ImageReference.TryParse($"127.0.0.1:{origin.Port}/n", out ImageReference? name, out _));

        Descriptor resolved = await client.Open(name).ResolveAsync(Token);

        Assert.Equal(FakeRegistry.DigestOf(Manifest), resolved.Digest);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task OfTheSettingsServeAccountsThatHaveNone()
    {
        var registry = new FakeRegistry(Serve);
        IImageSource source = Open(registry, [new RegistryAccount("id", "ours", Host)], Mirrored);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(new ImageOrigin("id", "ours", "one.example.com/team/image:1"), source.Origin);
    }

    [Theory]
    [InlineData("settings")]
    [InlineData("account")]
    public async Task ThatBreakOffWithinALayerAreFollowedByTheNextPlaceAtTheSameByte(string whose)
    {
        int asked = 0;
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "one.example.com" ? (asked++ == 0 ? Broken(Layer, 300) : FakeRegistry.Status(HttpStatusCode.ServiceUnavailable))
            : request.Range is null ? FakeRegistry.Bytes(Layer)
            : Part(request, Layer));
        IImageSource source = whose == "settings"
            ? registry.Open(Image, null, null, Mirrored)
            : Open(registry, [new RegistryAccount("id", "ours", Host) { Mirror = "one.example.com" }]);

        Assert.Equal(Layer, await ReadLayerAsync(registry, source));

        Assert.Equal(
            [("one.example.com", null), ("one.example.com", "bytes=300-"), (whose == "settings" ? "two.example.com" : Host, "bytes=300-")],
            registry.Requests.Select(request => (request.Uri.Host, request.Range)));
    }

    [Fact]
    public async Task ThatEndTooEarlyAreFollowedToo()
    {
        var registry = new FakeRegistry(request =>
        {
            if (request.Uri.Host == Host)
            {
                return Part(request, Layer);
            }

            HttpResponseMessage shorter = Body(new MemoryStream(Layer, 0, 400), null);
            shorter.Headers.TransferEncodingChunked = true;
            return shorter;
        });

        Assert.Equal(Layer, await ReadLayerAsync(registry, registry.Open(Image, null, null, Mirrored with { Mirrors = "one.example.com" })));
    }

    [Fact]
    public async Task AreFollowedByARegistryThatDoesNotKnowRangeAndByTheNextAccount()
    {
        string right = BasicOf("ann", "right");
        int asked = 0;
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "one.example.com" ? (asked++ == 0 ? Broken(Layer, 300) : FakeRegistry.Status(HttpStatusCode.Forbidden))
            : request.Authorization == right ? FakeRegistry.Bytes(Layer)
            : FakeRegistry.Challenge("Basic realm=\"r\""));
        RegistryAccount[] accounts =
        [
            new("a", "a", Host) { Credential = new RegistryCredential("ann", "wrong"), Mirror = "one.example.com" },
            new("b", "b", Host) { Credential = new RegistryCredential("ann", "right") },
        ];

        Assert.Equal(Layer, await ReadLayerAsync(registry, Open(registry, accounts)));
    }

    [Fact]
    public async Task ThatLieAreNotAskedForThatLayerForAWhile()
    {
        byte[] other = [.. Layer];
        other[0] ^= 1;
        byte[] honest = [.. Layer, 1];
        var registry = new FakeRegistry(request => FakeRegistry.Bytes(
            !request.Uri.AbsolutePath.EndsWith(FakeRegistry.DigestOf(Layer).ToString(), StringComparison.Ordinal) ? honest
            : request.Uri.Host == Host ? Layer
            : other));
        RegistryClient client = registry.Client(registries: [Mirrored with { Mirrors = "one.example.com" }]);
        Assert.True(ImageReference.TryParse(Image, out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadLayerAsync(registry, client.Open(name)));
        byte[] again = await ReadLayerAsync(registry, client.Open(name));
        await client.Open(name).OpenBlobAsync(FakeRegistry.DescriptorOf(honest), Token);
        registry.Time.Advance(TimeSpan.FromMinutes(11));
        await Assert.ThrowsAsync<RegistryException>(() => ReadLayerAsync(registry, client.Open(name)));

        // Whoever is told so tries again, and finds the layer at the registry.
        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Equal(Layer, again);
        Assert.Equal(["one.example.com", Host, "one.example.com", "one.example.com"], registry.Requests.Select(request => request.Uri.Host));
    }

    [Fact]
    public async Task StopWhereTheCallerDoes()
    {
        var registry = new FakeRegistry(_ => Body(new BreakingStream(Layer, 300, stalls: true), Layer.Length));
        await using Stream stream = await registry.Open(Image, null, null, Mirrored).OpenBlobAsync(FakeRegistry.DescriptorOf(Layer), Token);
        using var stop = new CancellationTokenSource();
        byte[] buffer = new byte[Layer.Length];
        Assert.Equal(300, await stream.ReadAsync(buffer, stop.Token));

        ValueTask<int> read = stream.ReadAsync(buffer, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        Assert.Single(registry.Requests);
    }

    private static string BasicOf(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    private static HttpResponseMessage Serve(SentRequest request) => FakeRegistry.Serve(request, Manifest, Layer);

    private static IImageSource Open(FakeRegistry registry, RegistryAccount[] accounts, params RegistrySettings[] settings)
    {
        Assert.True(ImageReference.TryParse(Image, out ImageReference? reference, out _));
        return registry.Client([.. accounts], settings).Open(reference);
    }

    private static Task<byte[]> ReadLayerAsync(FakeRegistry registry, IImageSource source)
    {
        return registry.PassTimeAsync(ReadAsync());

        async Task<byte[]> ReadAsync()
        {
            await using Stream stream = await source.OpenBlobAsync(FakeRegistry.DescriptorOf(Layer), Token);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all, Token);
            return all.ToArray();
        }
    }
}
