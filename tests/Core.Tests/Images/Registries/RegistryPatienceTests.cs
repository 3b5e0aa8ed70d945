using System.Net;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Whatever a registry leaves open comes to an end by our own clock.</summary>
public sealed class RegistryPatienceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly RegistryClientSettings Once = new() { Retries = 0 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // A byte now and then is never a stall, but a document has one time for all of it.
    [Fact]
    public async Task EndsForAManifestThatDrips()
    {
        FakeRegistry registry = null!;
        registry = new FakeRegistry(_ => Answer(HttpStatusCode.OK, new DrippingStream(TimeSpan.FromSeconds(20), registry.Time)));
        Descriptor target = FakeRegistry.DescriptorOf(TestImages.Manifest, MediaTypes.OciManifest);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(
            registry.Open("r.io/n", Once).ReadManifestAsync(target, Platform.Default, Token)).WaitAsync(Patience, Token));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
    }

    [Fact]
    public async Task EndsForATokenThatNeverComes()
    {
        FakeRegistry registry = null!;
        registry = new FakeRegistry(request => request.Uri.AbsolutePath == "/token"
            ? Answer(HttpStatusCode.OK, new DrippingStream(Timeout.InfiniteTimeSpan, registry.Time))
            : FakeRegistry.Challenge("Bearer realm=\"https://r.io/token\""));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(
            registry.Open("r.io/n", Once).ResolveAsync(Token)).WaitAsync(Patience, Token));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Contains("https://r.io/token broke off or stalled", e.Message, StringComparison.Ordinal);
    }

    // What a refusal says besides its status is welcome, but nothing waits for it longer than that.
    [Fact]
    public async Task EndsForARefusalWithoutAnEnd()
    {
        byte[] layer = TestImages.Layer;
        FakeRegistry registry = null!;
        registry = new FakeRegistry(request => request switch
        {
            { Uri.AbsolutePath: "/token" } => FakeRegistry.Bytes("""{"token":"t"}"""u8.ToArray()),
            { Authorization: null } => Endless(registry),
            _ => FakeRegistry.Bytes(layer),
        });

        Stream opened = await registry.PassTimeAsync(registry.Open("r.io/n", Once).OpenBlobAsync(FakeRegistry.DescriptorOf(layer), Token)).WaitAsync(Patience, Token);

        await using Stream read = opened;
        Assert.Equal(layer.Length, await read.ReadAtLeastAsync(new byte[layer.Length], layer.Length, cancellationToken: Token));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task EndsForALayerThatIsPutOffEachTime(int status)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Status((HttpStatusCode)status));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(
            registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(TestImages.Layer), Token)));

        Assert.Equal((RegistryFailure.Unavailable, status, 4), (e.Failure, e.StatusCode!.Value, registry.Requests.Count));
    }

    private static HttpResponseMessage Endless(FakeRegistry registry)
    {
        HttpResponseMessage refusal = FakeRegistry.Challenge("Bearer realm=\"https://r.io/token\"");
        refusal.Content = new StreamContent(new DrippingStream(TimeSpan.FromSeconds(20), registry.Time));
        return refusal;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, Stream body) => new(status) { Content = new StreamContent(body) };

    /// <summary>A byte each time the pause is over, without an end.</summary>
    private sealed class DrippingStream(TimeSpan pause, TimeProvider time) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(pause, time, cancellationToken);
            buffer.Span[0] = (byte)' ';
            return 1;
        }
    }
}
