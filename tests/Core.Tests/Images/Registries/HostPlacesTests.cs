using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

public sealed class HostPlacesTests
{
    private static readonly Uri Registry = new("https://r.io/v2/n/blobs/x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LetsInAsManyAsThereArePlaces()
    {
        var places = new HostPlaces(2);
        using IDisposable first = await places.TakeAsync(Registry, HostUse.Document, Token);
        IDisposable second = await places.TakeAsync(Registry, HostUse.Document, Token);

        Task<IDisposable> third = places.TakeAsync(Registry, HostUse.Document, Token);
        Assert.False(third.IsCompleted);
        second.Dispose();
        second.Dispose();
        using IDisposable got = await third.WaitAsync(Patience, Token);

        Task<IDisposable> fourth = places.TakeAsync(Registry, HostUse.Document, Token);
        Assert.False(fourth.IsCompleted);
        first.Dispose();
        (await fourth.WaitAsync(Patience, Token)).Dispose();
    }

    [Fact]
    public async Task ArePerHostAndPort()
    {
        var places = new HostPlaces(2);
        using IDisposable layer = await places.TakeAsync(Registry, HostUse.Layer, Token);

        using IDisposable elsewhere = await places.TakeAsync(new Uri("https://r.io:444/"), HostUse.Layer, Token).WaitAsync(Patience, Token);
        using IDisposable other = await places.TakeAsync(new Uri("https://cdn.r.io/"), HostUse.Layer, Token).WaitAsync(Patience, Token);

        Assert.False(places.TakeAsync(new Uri("https://R.IO/other"), HostUse.Layer, Token).IsCompleted);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 6)]
    public async Task LeaveRoomForDocumentsHoweverManyLayersWait(int perHost, int layers)
    {
        var places = new HostPlaces(perHost);
        Task<IDisposable>[] asked = [.. Enumerable.Range(0, 20).Select(_ => places.TakeAsync(Registry, HostUse.Layer, Token))];

        Assert.Equal(layers, asked.Count(place => place.IsCompleted));
        for (int document = layers; document < perHost; document++)
        {
            await places.TakeAsync(Registry, HostUse.Document, Token).WaitAsync(Patience, Token);
        }

        Assert.False(places.TakeAsync(Registry, HostUse.Document, Token).IsCompleted);
    }

    // Its reader may hold the memory that the readers of all others wait for.
    [Fact]
    public async Task LetTheRestOfALayerGoOnWhereThereIsNone()
    {
        var places = new HostPlaces(2);
        using IDisposable first = await places.TakeAsync(Registry, HostUse.Document, Token);
        IDisposable second = await places.TakeAsync(Registry, HostUse.Document, Token);

        Task<IDisposable> rest = places.TakeAsync(Registry, HostUse.RestOfLayer, Token);

        Assert.True(rest.IsCompletedSuccessfully);
        (await rest).Dispose();
        Task<IDisposable> next = places.TakeAsync(Registry, HostUse.Document, Token);
        Assert.False(next.IsCompleted);
        second.Dispose();
        (await next.WaitAsync(Patience, Token)).Dispose();
    }

    [Theory]
    [InlineData(HostUse.Document)]
    [InlineData(HostUse.Layer)]
    public async Task LoseNothingToWhoStopsWaiting(object use)
    {
        var places = new HostPlaces(2);
        IDisposable layer = await places.TakeAsync(Registry, HostUse.Layer, Token);
        IDisposable document = await places.TakeAsync(Registry, HostUse.Document, Token);
        using (var gone = new CancellationTokenSource())
        {
            Task<IDisposable> waiting = places.TakeAsync(Registry, (HostUse)use, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        layer.Dispose();
        document.Dispose();

        Assert.Equal(0, places.Hosts);
        using IDisposable next = await places.TakeAsync(Registry, HostUse.Layer, Token).WaitAsync(Patience, Token);
        Assert.Equal(1, places.Hosts);
    }

    [Fact]
    public async Task AreALayersUntilItsBodyIsDisposed()
    {
        byte[] bytes = TestImages.Layer;
        Descriptor blob = FakeRegistry.DescriptorOf(bytes);
        var registry = FakeRegistry.Holding(TestImages.Manifest, bytes);
        IImageSource source = registry.Open("r.io/n", new RegistryClientSettings { RequestsPerHost = 2 });
        Stream first = await source.OpenBlobAsync(blob, Token);

        Task<Stream> second = source.OpenBlobAsync(blob, Token);
        await source.ResolveAsync(Token).WaitAsync(Patience, Token);
        // Longer than an answer may take: a request that waits for its place has not been sent yet.
        registry.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.False(second.IsCompleted);
        Assert.Single(registry.Requests, request => request.Uri.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal));
        await first.DisposeAsync();
        await using Stream read = await second.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task AreNotKeptByWhoIsSentForAToken()
    {
        byte[] bytes = TestImages.Layer;
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.AbsolutePath: "/token" } => FakeRegistry.Bytes("""{"token":"t"}"""u8.ToArray()),
            { Authorization: null, Method: "HEAD" } => FakeRegistry.Challenge("Bearer realm=\"https://r.io/token\""),
            _ => FakeRegistry.Serve(request, TestImages.Manifest, bytes),
        });
        RegistryClient client = registry.Client(new RegistryClientSettings { RequestsPerHost = 2 });
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        IImageSource source = client.Open(name);
        await using Stream layer = await source.OpenBlobAsync(FakeRegistry.DescriptorOf(bytes), Token);

        await source.ResolveAsync(Token).WaitAsync(Patience, Token);

        Assert.Contains(registry.Requests, request => request.Uri.AbsolutePath == "/token");
    }

    // A redirect hands the place at the registry back before it takes one where the blob lies.
    [Fact]
    public async Task AreWhereTheBodyComesFrom()
    {
        byte[] bytes = TestImages.Layer;
        Descriptor blob = FakeRegistry.DescriptorOf(bytes);
        var registry = new FakeRegistry(request => request.Uri.Host == "cdn.io"
            ? FakeRegistry.Bytes(bytes)
            : request.Uri.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)
                ? FakeRegistry.Redirect("https://cdn.io/b")
                : FakeRegistry.Manifest(TestImages.Manifest));
        IImageSource source = registry.Open("r.io/n", new RegistryClientSettings { RequestsPerHost = 2 });
        await using Stream layer = await source.OpenBlobAsync(blob, Token);

        Task<Stream> second = source.OpenBlobAsync(blob, Token);
        await source.ResolveAsync(Token).WaitAsync(Patience, Token);

        Assert.False(second.IsCompleted);
        Assert.Single(registry.Requests, request => request.Uri.Host == "cdn.io");
        Assert.Equal(2, registry.Requests.Count(request => request.Uri.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)));
    }
}
