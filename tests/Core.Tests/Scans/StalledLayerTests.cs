using System.Net;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;
using ImageScan.Core.Tests.Images.Registries;
using ImageScan.Core.Tests.Layers;

namespace ImageScan.Core.Tests.Scans;

/// <summary>A registry that falls silent in the middle of a layer, while that layer is being walked.</summary>
public sealed class StalledLayerTests
{
    private const int SilentAfter = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Layer = Walked.Gzip(new TarBuilder().File("a", CompressionTests.Noise(600_000)).End().ToArray());
    private readonly SilentContent.Signal _silent = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsGivenUpAfterAllResumptions()
    {
        var registry = new FakeRegistry(Answer);
        var reading = ReadAsync(registry, Token);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.PassTimeAsync(reading).WaitAsync(Patience, Token));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Contains("broke off", e.Message, StringComparison.Ordinal);
        Assert.Equal(new RegistryClientSettings().Resumptions + 1, registry.Requests.Count);
    }

    [Fact]
    public async Task IsLeftAtOnceWhenTheScanIsCancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var registry = new FakeRegistry(Answer);
        var reading = ReadAsync(registry, stop.Token);
        await _silent.Reached.WaitAsync(Patience, Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience, Token));
        Assert.Single(registry.Requests);
        Assert.True(_silent.IsDisposed);
    }

    private static Task<IReadOnlyDictionary<Digest, LayerInventory>> ReadAsync(FakeRegistry registry, CancellationToken cancellationToken)
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        Descriptor layer = FakeRegistry.DescriptorOf(Layer);
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        var plan = new ScanPlan
        {
            Request = new ScanRequest(name),
            Source = registry.Open("r.io/n"),
            Manifest = new ImageManifest(null, null, layer, [layer]),
            Unread = [layer],
        };
        return new LayerReading(inspection, null, null, new ScanSettings(), TimeProvider.System).ReadAsync(plan, null, cancellationToken);
    }

    private HttpResponseMessage Answer(SentRequest request)
    {
        int from = request.Range is null ? 0 : SilentAfter;
        var response = new HttpResponseMessage(request.Range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(new SilentContent(Layer.AsMemory(from, SilentAfter - from), _silent)),
        };
        response.Content.Headers.ContentLength = Layer.Length - from;
        response.Content.Headers.ContentRange = request.Range is null ? null : new(from, Layer.Length - 1, Layer.Length);
        return response;
    }

    /// <summary>Gives its bytes and then, neither ending nor breaking, nothing.</summary>
    private sealed class SilentContent(ReadOnlyMemory<byte> bytes, SilentContent.Signal silent) : ForwardStream
    {
        private int _position;

        // Read only by those who wait: whoever reads synchronously would hang for good.
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = Math.Min(buffer.Length, bytes.Length - _position);
            if (read == 0)
            {
                silent.Set();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            bytes.Slice(_position, read).CopyTo(buffer);
            _position += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            silent.IsDisposed = true;
            base.Dispose(disposing);
        }

        public sealed class Signal
        {
            private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task Reached => _reached.Task;

            public bool IsDisposed { get; set; }

            public void Set() => _reached.TrySetResult();
        }
    }
}
