using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Redirects, retries and the address rules that apply to them.</summary>
public sealed class RegistryNetworkTests
{
    private static readonly Descriptor Layer = FakeRegistry.DescriptorOf(TestImages.Layer);
    private static readonly RegistrySettings WithAccount = new() { Host = "r.io", Username = "me", Password = "secret" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FollowsARedirectToAnotherHostWithoutCredentials()
    {
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "blobs.example" ? FakeRegistry.Bytes(TestImages.Layer)
            : request.Authorization is null ? FakeRegistry.Challenge("Basic realm=\"r\"")
            : FakeRegistry.Redirect("https://blobs.example/layer?sig=abc"));

        await using Stream layer = await registry.Open("r.io/n", null, null, WithAccount).OpenBlobAsync(Layer, Token);

        Assert.Null(registry.Requests[^1].Authorization);
        Assert.Equal(AddressRule.Public, registry.Requests[^1].Rule);
    }

    [Theory]
    [InlineData("https://r.io:444/x")]
    [InlineData("http://r.io/x")]
    public async Task GivesNoCredentialsToAnotherPortOrScheme(string location)
    {
        var registry = new FakeRegistry(request =>
            request.Uri.AbsolutePath == "/x" ? FakeRegistry.Bytes(TestImages.Layer)
            : request.Authorization is null ? FakeRegistry.Challenge("Basic realm=\"r\"")
            : FakeRegistry.Redirect(location));

        Exception? refused = await Record.ExceptionAsync(() => registry.Open("r.io/n", null, null, WithAccount).OpenBlobAsync(Layer, Token));

        Assert.All(registry.Requests.Where(request => request.Uri.AbsolutePath == "/x"), request => Assert.Null(request.Authorization));
        Assert.Equal(location.StartsWith("http:", StringComparison.Ordinal), refused is RegistryException);
    }

    [Theory]
    [InlineData("http://blobs.example/x")]
    [InlineData("ftp://blobs.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://me:secret@blobs.example/x")]
    public async Task RefusesARedirectThatLeavesHttps(string location)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Redirect(location));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(Layer, Token));

        Assert.Contains("which is refused", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task StopsAfterTheAllowedNumberOfRedirects()
    {
        var registry = new FakeRegistry(request => FakeRegistry.Redirect($"https://r.io/next?{request.Uri.Query.Length}"));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(Layer, Token));

        Assert.Contains("(Redirects)", e.Message, StringComparison.Ordinal);
        Assert.Equal(new ImageLimits().Redirects + 1, registry.Requests.Count);
    }

    [Fact]
    public async Task TellsNoSignatureOfARedirect()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "r.io" ? FakeRegistry.Redirect("https://blobs.example/x?sig=abc") : FakeRegistry.Status(HttpStatusCode.Forbidden));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(Layer, Token));

        Assert.Contains("https://blobs.example/x", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=abc", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesNoProofToABlobHostThatAsksForIt()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "r.io" ? FakeRegistry.Redirect("https://thief.example/x") : FakeRegistry.Challenge("Basic realm=\"r\""));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, WithAccount).OpenBlobAsync(Layer, Token));

        Assert.Equal(401, e.StatusCode);
        Assert.All(registry.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task AllowsAnyAddressToAListedRegistryOnly()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Manifest(TestImages.Manifest));
        RegistryClient client = registry.Client(registries: [new RegistrySettings { Host = "r.io" }, new RegistrySettings { Host = "strict.io", AllowPrivateAddress = false }]);

        foreach (string name in new[] { "r.io/n", "R.IO/n", "r.io:444/n", "strict.io/n", "other.io/n" })
        {
            Assert.True(ImageReference.TryParse(name, out ImageReference? reference, out _));
            await client.Open(reference).ResolveAsync(Token);
        }

        Assert.Equal([AddressRule.Any, AddressRule.Any, AddressRule.Public, AddressRule.Public, AddressRule.Public], registry.Requests.Select(request => request.Rule));
    }

    [Theory]
    [InlineData("r.io/n", AddressRule.Any)]
    [InlineData("unlisted.io/n", AddressRule.Public)]
    public async Task AllowsARedirectToAPrivateAddressOnlyBetweenListedRegistries(string name, AddressRule expected)
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "blobs.io" ? FakeRegistry.Bytes(TestImages.Layer) : FakeRegistry.Redirect("https://blobs.io/x"));

        await using Stream layer = await registry.Open(name, null, null, new RegistrySettings { Host = "r.io" }, new RegistrySettings { Host = "blobs.io" }).OpenBlobAsync(Layer, Token);

        Assert.Equal(expected, registry.Requests[^1].Rule);
    }

    [Theory]
    [InlineData("localhost:5000/n", "http", AddressRule.Loopback)]
    [InlineData("127.0.0.1:5000/n", "http", AddressRule.Loopback)]
    [InlineData("127.9.9.9:5000/n", "http", AddressRule.Loopback)]
    [InlineData("[::1]:5000/n", "http", AddressRule.Loopback)]
    [InlineData("localhost.example/n", "https", AddressRule.Public)]
    [InlineData("10.0.0.1:5000/n", "https", AddressRule.Public)]
    public async Task ReadsRegistriesOnThisMachineByPlainHttpIfAllowed(string name, string scheme, AddressRule rule)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Manifest(TestImages.Manifest));

        await registry.Open(name, new RegistryClientSettings { AllowLoopbackRegistries = true }).ResolveAsync(Token);
        await registry.Open(name).ResolveAsync(Token);

        Assert.Equal((scheme, rule), (registry.Requests[0].Uri.Scheme, registry.Requests[0].Rule));
        Assert.Equal(("https", AddressRule.Public), (registry.Requests[1].Uri.Scheme, registry.Requests[1].Rule));
    }

    [Fact]
    public async Task KeepsTheHttpsOfAListedRegistryOnThisMachine()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Manifest(TestImages.Manifest));

        await registry.Open("localhost:5000/n", new RegistryClientSettings { AllowLoopbackRegistries = true }, null, new RegistrySettings { Host = "localhost:5000" }).ResolveAsync(Token);

        Assert.Equal(("https", AddressRule.Any), (registry.Requests[0].Uri.Scheme, registry.Requests[0].Rule));
    }

    [Fact]
    public async Task JudgesARedirectToThisMachineAsPublicEvenIfLoopbackRegistriesAreAllowed()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "r.io" ? FakeRegistry.Redirect("https://127.0.0.1:5000/x") : FakeRegistry.Bytes(TestImages.Layer));

        await using Stream layer = await registry.Open("r.io/n", new RegistryClientSettings { AllowLoopbackRegistries = true }).OpenBlobAsync(Layer, Token);

        Assert.Equal(AddressRule.Public, registry.Requests[^1].Rule);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(507)]
    [InlineData(522)]
    public async Task TriesAgainLaterWhatMayGoWellLater(int status)
    {
        int asked = 0;
        var registry = new FakeRegistry(_ => asked++ < 2 ? FakeRegistry.Status((HttpStatusCode)status) : FakeRegistry.Manifest(TestImages.Manifest));
        DateTimeOffset start = registry.Time.GetUtcNow();

        await registry.PassTimeAsync(registry.Open("r.io/n").ResolveAsync(Token));

        // Half a second, then a whole one.
        Assert.Equal(TimeSpan.FromSeconds(1.5), registry.Time.GetUtcNow() - start);
    }

    [Fact]
    public async Task GivesUpAfterTheAllowedNumberOfRetries()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.ServiceUnavailable));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(registry.Open("r.io/n").ResolveAsync(Token)));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Equal(new RegistryClientSettings().Retries + 1, registry.Requests.Count);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Wed, 25 Nov 2026 12:00:07 GMT")]
    public async Task WaitsAsLongAsTheRegistryAsks(string retryAfter)
    {
        int asked = 0;
        var registry = new FakeRegistry(_ => asked++ == 0 ? Later(retryAfter) : FakeRegistry.Manifest(TestImages.Manifest));
        DateTimeOffset start = registry.Time.GetUtcNow();

        await registry.PassTimeAsync(registry.Open("r.io/n").ResolveAsync(Token));

        Assert.Equal(TimeSpan.FromSeconds(7), registry.Time.GetUtcNow() - start);
    }

    [Fact]
    public async Task FailsAtOnceIfTheRegistryAsksForTooLongAWait()
    {
        var registry = new FakeRegistry(_ => Later("3600"));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ResolveAsync(Token));

        Assert.Single(registry.Requests);
        Assert.Equal(TimeSpan.FromHours(1), e.RetryAfter);
        Assert.Contains("next in 3600 seconds; set Registries__N__Host=r.io, Registries__N__Username", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, RegistryFailure.Refused)]
    [InlineData(HttpStatusCode.NotFound, RegistryFailure.NotFound)]
    [InlineData(HttpStatusCode.HttpVersionNotSupported, RegistryFailure.Refused)]
    public async Task DoesNotAskAgainWhatWasRefused(HttpStatusCode status, RegistryFailure expected)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(status));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ResolveAsync(Token));

        Assert.Equal(expected, e.Failure);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task RefusesToConnectToARegistryOnThisMachineUnlessAllowed()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var client = new RegistryClient([], new RegistryClientSettings(), TimeProvider.System);
        Assert.True(ImageReference.TryParse($"127.0.0.1:{server.Port}/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).ResolveAsync(Token));

        Assert.Equal(RegistryFailure.AddressRefused, e.Failure);
        Assert.Contains($"127.0.0.1 has the address 127.0.0.1, which is loopback: refused (a registry at such an address must be listed: Registries__N__Host=127.0.0.1:{server.Port}", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task RefusesANameThatResolvesToTheMetadataAddress()
    {
        var settings = new RegistryClientSettings { AllowLoopbackRegistries = true };
        using var client = new RegistryClient([], settings, TimeProvider.System, null, RegistryClient.Guarded(settings, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")])));
        Assert.True(ImageReference.TryParse("metadata.example/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).ResolveAsync(Token));

        Assert.Contains("metadata.example has the address 169.254.169.254, which is link-local: refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesToFollowARedirectFromAnotherRegistryToThisMachine()
    {
        using var target = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var server = new LoopbackServer(_ => Encoding.ASCII.GetBytes($"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{target.Port}/x\r\nContent-Length: 0\r\n\r\n"));
        var settings = new RegistryClientSettings { AllowLoopbackRegistries = true };

        // The listed host stands for a registry elsewhere; the machine's own registry was read before, so that its connection is open.
        using var client = new RegistryClient(
            [new RegistrySettings { Host = $"elsewhere.example:{server.Port}", Insecure = true }], settings, TimeProvider.System, null,
            RegistryClient.Guarded(settings, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
        Assert.True(ImageReference.TryParse($"127.0.0.1:{target.Port}/n", out ImageReference? own, out _));
        await Record.ExceptionAsync(() => client.Open(own).OpenBlobAsync(Layer, Token));
        int before = target.Requests.Count;
        Assert.True(ImageReference.TryParse($"elsewhere.example:{server.Port}/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).OpenBlobAsync(Layer, Token));

        Assert.Equal(RegistryFailure.AddressRefused, e.Failure);
        Assert.Contains("which is loopback: refused", e.Message, StringComparison.Ordinal);
        Assert.Contains($"listed, too: Registries__N__Host=127.0.0.1:{target.Port}", e.Message, StringComparison.Ordinal);
        Assert.True(before > 0);
        Assert.Equal(before, target.Requests.Count);
    }

    // Both must be listed, so that the word of a registry that is not does not lead inside.
    [Fact]
    public async Task SaysNothingOfListingWhereARegistryThatIsNotListedSendsUs()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://10.0.0.1/x\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var client = new RegistryClient([], new RegistryClientSettings { AllowLoopbackRegistries = true }, TimeProvider.System);
        Assert.True(ImageReference.TryParse($"127.0.0.1:{server.Port}/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).OpenBlobAsync(Layer, Token));

        Assert.EndsWith("may not send us there)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesHeadersAboveTheLimit()
    {
        using var server = new LoopbackServer(_ => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX: {new string('x', 40_000)}\r\nContent-Length: 0\r\n\r\n"));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => OpenLocal(server).ResolveAsync(Token));

        Assert.Contains("(HeaderKibibytes)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesUpABlobThatARealServerBreaksOff()
    {
        byte[] bytes = TestImages.Layer;
        using var server = new LoopbackServer(head => head.Contains("Range: bytes=400-", StringComparison.Ordinal)
            ? [.. Encoding.ASCII.GetBytes($"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 400-999/1000\r\nContent-Length: 600\r\n\r\n"), .. bytes[400..]]
            : [.. "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8, .. bytes[..400]]);
        await using Stream layer = await OpenLocal(server, firstDelay: TimeSpan.Zero).OpenBlobAsync(Layer, Token);
        using var all = new MemoryStream();

        await layer.CopyToAsync(all, Token);

        Assert.Equal(bytes, all.ToArray());
    }

    [Fact]
    public async Task SaysThatNothingListens()
    {
        int port;
        using (var server = new LoopbackServer(_ => []))
        {
            port = server.Port;
        }

        using var client = new RegistryClient([], new RegistryClientSettings { AllowLoopbackRegistries = true }, TimeProvider.System);
        Assert.True(ImageReference.TryParse($"127.0.0.1:{port}/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).ResolveAsync(Token));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Contains("no connection (ConnectionRefused)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesTheSettingForARegistryThatSpeaksPlainHttp()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var client = new RegistryClient([new RegistrySettings { Host = $"127.0.0.1:{server.Port}" }], new RegistryClientSettings(), TimeProvider.System);
        Assert.True(ImageReference.TryParse($"127.0.0.1:{server.Port}/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => client.Open(name).ResolveAsync(Token));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Contains($"if this registry speaks plain http, set Registries__0__Host=127.0.0.1:{server.Port} and Registries__0__Insecure=true", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task GivesUpOnAServerThatDoesNotAnswer()
    {
        var registry = new FakeRegistry(_ => throw new InvalidOperationException("not asked"));
        using var client = new RegistryClient([], new RegistryClientSettings { Retries = 0 }, registry.Time, null, _ => new SilentHandler());
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(client.Open(name).ResolveAsync(Token)));

        Assert.Contains("no answer within 30 seconds", e.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Later(string retryAfter)
    {
        HttpResponseMessage response = FakeRegistry.Status(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = RetryConditionHeaderValue.Parse(retryAfter);
        return response;
    }

    private static IImageSource OpenLocal(LoopbackServer server, TimeSpan? firstDelay = null)
    {
        var settings = new RegistryClientSettings { AllowLoopbackRegistries = true, FirstRetryDelay = firstDelay ?? TimeSpan.FromSeconds(1) };
        Assert.True(ImageReference.TryParse($"127.0.0.1:{server.Port}/n", out ImageReference? name, out _));
        return new RegistryClient([], settings, TimeProvider.System).Open(name);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("unreachable");
        }
    }
}
