using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Tests.Layers;

namespace ImageScan.Core.Tests.Images.Registries;

public sealed class RegistryImageSourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResolvesATagByOneHeadRequestToDockerHubsApi()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest);

        Descriptor descriptor = await registry.Open("nginx").ResolveAsync(Token);

        Assert.Equal(new Descriptor(MediaTypes.OciManifest, FakeRegistry.DigestOf(TestImages.Manifest), TestImages.Manifest.Length), descriptor);
        SentRequest head = Assert.Single(registry.Requests);
        Assert.Equal("HEAD https://registry-1.docker.io/v2/library/nginx/manifests/latest", $"{head.Method} {head.Uri}");
        Assert.Equal(
            [MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerManifestList],
            head.Accept);
    }

    [Fact]
    public async Task HashesTheManifestIfHeadGivesNoDigest()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Bytes(TestImages.Manifest));

        Descriptor descriptor = await registry.Open("r.io/n").ResolveAsync(Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), descriptor.Digest);
        Assert.Equal(["HEAD", "GET"], registry.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task AsksAgainForAManifestThatBreaksOff()
    {
        int asked = 0;
        var registry = new FakeRegistry(_ => asked++ == 0 ? BrokenManifest() : FakeRegistry.Manifest(TestImages.Manifest));
        Descriptor target = FakeRegistry.DescriptorOf(TestImages.Manifest, MediaTypes.OciManifest);

        ImageManifest manifest = await registry.PassTimeAsync(registry.Open("r.io/n").ReadManifestAsync(target, Platform.Default, Token));

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Layer), Assert.Single(manifest.Layers).Digest);
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task SaysThatAManifestBreaksOffEachTime()
    {
        var registry = new FakeRegistry(_ => BrokenManifest());
        Descriptor target = FakeRegistry.DescriptorOf(TestImages.Manifest, MediaTypes.OciManifest);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(
            () => registry.PassTimeAsync(registry.Open("r.io/n").ReadManifestAsync(target, Platform.Default, Token)));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Contains("broke off or stalled", e.Message, StringComparison.Ordinal);
        Assert.Equal(new RegistryClientSettings().Retries + 1, registry.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task HashesTheManifestIfHeadIsNotKnown(HttpStatusCode status)
    {
        var registry = new FakeRegistry(request => request.Method == "HEAD" ? FakeRegistry.Status(status) : FakeRegistry.Manifest(TestImages.Manifest));

        Descriptor descriptor = await registry.Open("r.io/n").ResolveAsync(Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), descriptor.Digest);
    }

    [Fact]
    public async Task ResolvesANameWithTagAndDigestByItsDigest()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest);
        Digest digest = FakeRegistry.DigestOf(TestImages.Manifest);

        Descriptor descriptor = await registry.Open($"r.io/n:1@{digest}").ResolveAsync(Token);

        Assert.Equal(digest, descriptor.Digest);
        Assert.EndsWith($"/manifests/{digest}", registry.Requests[0].Uri.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesAnotherDigestThanTheNameHas()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open($"r.io/n@sha256:{new string('a', 64)}").ResolveAsync(Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public async Task RefusesAManifestWhoseBytesHaveAnotherDigest()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Manifest(TestImages.Manifest));
        Descriptor other = FakeRegistry.DescriptorOf(TestImages.ManifestOf(TestImages.Config, []), MediaTypes.OciManifest);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ReadManifestAsync(other, Platform.Default, Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public async Task RefusesAManifestOfAnotherSizeThanAnnounced()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest);
        Descriptor announced = FakeRegistry.DescriptorOf(TestImages.Manifest, MediaTypes.OciManifest) with { Size = 7 };

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ReadManifestAsync(announced, Platform.Default, Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public async Task RefusesAManifestAboveTheLimit()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest);
        var settings = new RegistryClientSettings { Limits = new ImageLimits { ManifestBytes = TestImages.Manifest.Length - 1 } };
        IImageSource source = registry.Open("r.io/n", settings);
        Descriptor target = FakeRegistry.DescriptorOf(TestImages.Manifest, MediaTypes.OciManifest);

        RegistryException known = await Assert.ThrowsAsync<RegistryException>(() => source.ReadManifestAsync(target, Platform.Default, Token));
        RegistryException lied = await Assert.ThrowsAsync<RegistryException>(() => source.ReadManifestAsync(target with { Size = 10 }, Platform.Default, Token));

        Assert.Contains("(ManifestBytes)", known.Message, StringComparison.Ordinal);
        Assert.Contains("(ManifestBytes)", lied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsTheManifestOfThePlatformOutOfAnIndex()
    {
        byte[] arm = TestImages.ManifestOf(TestImages.Config, []);
        byte[] index = TestImages.IndexOf(TestImages.Entry(arm, "linux/arm64"), TestImages.Entry(TestImages.Manifest, "linux/amd64"));
        FakeRegistry registry = FakeRegistry.Holding(index, arm, TestImages.Manifest);
        IImageSource source = registry.Open("r.io/n");

        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), manifest.Digest);
        Assert.Equal(FakeRegistry.DigestOf(index), manifest.Index);
        Assert.Equal(FakeRegistry.DescriptorOf(TestImages.Layer), Assert.Single(manifest.Layers));
    }

    [Fact]
    public async Task RefusesIndexesWithinIndexesBeyondTheLimit()
    {
        byte[] index = TestImages.IndexOf(TestImages.Entry(TestImages.Manifest, "linux/amd64"));
        var blobs = new List<byte[]>();
        for (int i = 0; i < 3; i++)
        {
            blobs.Add(index);
            index = TestImages.IndexOf(TestImages.Entry(index, "linux/amd64", mediaType: MediaTypes.OciIndex));
        }

        FakeRegistry registry = FakeRegistry.Holding(index, [.. blobs, TestImages.Manifest]);
        Descriptor target = FakeRegistry.DescriptorOf(index, MediaTypes.OciIndex);

        await registry.Open("r.io/n", new RegistryClientSettings { Limits = new ImageLimits { IndexDepth = 4 } }).ReadManifestAsync(target, Platform.Default, Token);
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ReadManifestAsync(target, Platform.Default, Token));

        Assert.Contains("(IndexDepth)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsTheConfiguration()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest, TestImages.Config);
        IImageSource source = registry.Open("r.io/n");
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        ImageConfig config = await source.ReadConfigAsync(manifest, Token);

        Assert.Equal("app", config.User);
        Assert.Equal("linux", config.Os);
    }

    [Fact]
    public async Task RefusesAConfigurationAboveTheLimitWithoutAskingForIt()
    {
        FakeRegistry registry = FakeRegistry.Holding(TestImages.Manifest, TestImages.Config);
        IImageSource source = registry.Open("r.io/n", new RegistryClientSettings { Limits = new ImageLimits { ConfigBytes = 10 } });
        var manifest = new ImageManifest(null, null, FakeRegistry.DescriptorOf(TestImages.Config), []);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => source.ReadConfigAsync(manifest, Token));

        Assert.Contains("(ConfigBytes)", e.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task NeverAsksTheUrlsOfAForeignLayer()
    {
        string foreign = $$"""{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{{FakeRegistry.DigestOf(TestImages.Layer)}}","size":1000,"urls":["https://elsewhere.example/layer"]}""";
        byte[] manifest = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(TestImages.ManifestOf(TestImages.Config, [])).Replace("\"layers\":[]", $"\"layers\":[{foreign}]", StringComparison.Ordinal));
        FakeRegistry registry = FakeRegistry.Holding(manifest);
        IImageSource source = registry.Open("r.io/n");
        ImageManifest image = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => source.OpenBlobAsync(image.Layers[0], Token));

        Assert.Equal(RegistryFailure.NotFound, e.Failure);
        Assert.All(registry.Requests, request => Assert.Equal("r.io", request.Uri.Host));
    }

    [Fact]
    public async Task SaysLikeStackRoxThatANameIsNotThere()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.NotFound));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n:9").ResolveAsync(Token));

        Assert.Equal("failed to get the manifest digest: Head \"https://r.io/v2/n/manifests/9\": http: non-successful response (status=404 body=\"\")", e.Message);
        Assert.Equal(RegistryFailure.NotFound, e.Failure);
        Assert.Equal(404, e.StatusCode);
    }

    [Fact]
    public async Task TellsTheRegistrysOwnReasonWithoutWhatSteersATerminal()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.NotFound, """{"errors":[{"code":"BLOB_UNKNOWN","message":"\u001b[31mgone\u202e"}]}"""));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(TestImages.Layer), Token));

        Assert.EndsWith(": BLOB_UNKNOWN: ?[31mgone?", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', e.Message);
    }

    [Fact]
    public async Task BoundsWhatItTellsOfALongError()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.Forbidden, new string('x', 1_000_000)));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(TestImages.Layer), Token));

        Assert.InRange(e.Message.Length, 1, 2_000);
    }

    [Theory]
    [InlineData("a_b.c/x", "no registry is indicated")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "no registry is indicated")]
    [InlineData("r.io:99999/x", "cannot be the address of a registry")]
    public void RefusesANameWithoutAUsableRegistry(string name, string reason)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.OK));

        RegistryException e = Assert.Throws<RegistryException>(() => registry.Open(name));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesASettingThatIsNoHost()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status(HttpStatusCode.OK));

        FormatException e = Assert.Throws<FormatException>(() => registry.Client(registries: new RegistrySettings { Host = "https://r.io" }));

        Assert.StartsWith("Registries__0__Host", e.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage BrokenManifest() =>
        new(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream(TestImages.Manifest[..100], new IOException("connection reset"))) };
}
