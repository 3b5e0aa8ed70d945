using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Layers;
using ImageScan.Core.Scans;
using ImageScan.Core.Tests.Images.Registries;
using ImageScan.Core.Tests.Layers;

namespace ImageScan.Core.Tests.Scans;

public sealed class LayerPlacesTests
{
    private const long Mebibyte = 1L << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The sizes of instances on Flex Consumption; .NET takes three quarters of a container's memory for its own.
    [Theory]
    [InlineData(512, 1, 1)]
    [InlineData(1536, 1, 8)]
    [InlineData(2048, 1, 8)]
    [InlineData(3072, 2, 16)]
    [InlineData(1024, 2, 8)]
    [InlineData(700, 2, 2)]
    [InlineData(0, 1, 1)]
    [InlineData(1 << 20, 64, 512)]
    public void AreAsManyAsMemoryAndCoresAllow(long mebibytes, int cores, int expected) =>
        Assert.Equal(expected, LayerPlaces.ByMemory(mebibytes * Mebibyte, cores));

    [Fact]
    public void AreAsManyAsTheSettingSays()
    {
        using var places = new LayerPlaces(new ScanSettings { LayersPerInstance = 3 });

        Assert.Equal(3, places.Count);
    }

    [Fact]
    public void AreOfThisMachineWhereNoSettingSays()
    {
        using var places = new LayerPlaces(new ScanSettings());

        Assert.InRange(places.Count, 1, 8 * Environment.ProcessorCount);
        Assert.True(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 0);
    }

    [Fact]
    public async Task KeepLayersWaitingUntilOneIsGivenBack()
    {
        using var places = new LayerPlaces(new ScanSettings { LayersPerInstance = 1 });
        IDisposable first = await places.TakeAsync(Token);
        Task<IDisposable> second = places.TakeAsync(Token);
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();

        using IDisposable got = await second.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(places.TakeAsync(Token).IsCompleted);
    }

    [Fact]
    public async Task AreSharedByAllScansOfTheProcess()
    {
        var source = new CountedSource();
        using var reading = new LayerReading(
            new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits()), null, null, new ScanSettings { ParallelLayers = 8, LayersPerInstance = 2 }, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => reading.ReadAsync(PlanOf(source, layers: 4), null, Token))).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal((12, 2), (source.Opened, source.MostOpen));
    }

    private static ScanPlan PlanOf(CountedSource source, int layers)
    {
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        Descriptor[] unread = [.. Enumerable.Range(0, layers).Select(layer => FakeRegistry.DescriptorOf([(byte)layer]))];
        return new ScanPlan
        {
            Request = new ScanRequest(name),
            Source = source,
            Manifest = new ImageManifest(null, null, unread[0], unread),
            Unread = unread,
        };
    }

    /// <summary>Layers that are nothing but an empty archive, counted while they are open.</summary>
    private sealed class CountedSource : IImageSource
    {
        private static readonly byte[] Layer = new TarBuilder().End().ToArray();
        private readonly Lock _lock = new();
        private int _open;

        public int Opened { get; private set; }

        public int MostOpen { get; private set; }

        public Task<Descriptor> ResolveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImageManifest> ReadManifestAsync(Descriptor target, Platform platform, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImageConfig> ReadConfigAsync(ImageManifest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Opened++;
                MostOpen = Math.Max(MostOpen, ++_open);
            }

            await Task.Delay(20, cancellationToken);
            return new ClosingStream(() =>
            {
                lock (_lock)
                {
                    _open--;
                }
            });
        }

        private sealed class ClosingStream(Action close) : MemoryStream(Layer)
        {
            private Action? _close = close;

            protected override void Dispose(bool disposing)
            {
                Interlocked.Exchange(ref _close, null)?.Invoke();
                base.Dispose(disposing);
            }
        }
    }
}
