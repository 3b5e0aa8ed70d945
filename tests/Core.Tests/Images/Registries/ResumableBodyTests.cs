using System.Net;
using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using static ImageScan.Core.Tests.Images.Registries.BrokenBodies;

namespace ImageScan.Core.Tests.Images.Registries;

public sealed class ResumableBodyTests
{
    private static readonly byte[] Layer = TestImages.Layer;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoesOnByRangeWhereTheConnectionBroke()
    {
        var registry = new FakeRegistry(request => request.Range is null ? Broken(Layer, 300) : Part(request, Layer));

        byte[] read = await ReadAsync(registry, Layer);

        Assert.Equal(Layer, read);
        Assert.Equal([null, "bytes=300-"], registry.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task SkipsWhatHasPassedIfTheRegistryDoesNotKnowRange()
    {
        int asked = 0;
        var registry = new FakeRegistry(_ => asked++ == 0 ? Broken(Layer, 300) : FakeRegistry.Bytes(Layer));

        Assert.Equal(Layer, await ReadAsync(registry, Layer));
    }

    [Fact]
    public async Task RefusesAnotherRangeThanAskedFor()
    {
        var registry = new FakeRegistry(request => request.Range is null ? Broken(Layer, 300) : Part(request with { Range = "bytes=299-" }, Layer));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(registry, Layer));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
        Assert.Contains("go on at byte 300", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatTheRegistryHasLessThanItPromised()
    {
        var registry = new FakeRegistry(request =>
            request.Range is null ? Broken(Layer, 300) : FakeRegistry.Status(HttpStatusCode.RequestedRangeNotSatisfiable));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(registry, Layer));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
        Assert.Contains("go on at byte 300 of 1000, the registry says that it is not that long", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task GivesUpAfterTheAllowedNumberOfResumptions()
    {
        var registry = new FakeRegistry(request => request.Range is null ? Broken(Layer, 10) : Broken(Part(request, Layer), 10));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(registry, Layer));

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
        Assert.Equal(new RegistryClientSettings().Resumptions + 1, registry.Requests.Count);
    }

    [Fact]
    public async Task GoesOnAfterABodyThatStalls()
    {
        var registry = new FakeRegistry(request => request.Range is null ? Body(new BreakingStream(Layer, 300, stalls: true), Layer.Length) : Part(request, Layer));

        Assert.Equal(Layer, await ReadAsync(registry, Layer));
    }

    [Fact]
    public async Task StopsWhenTheCallerDoes()
    {
        var registry = new FakeRegistry(_ => Body(new BreakingStream(Layer, 300, stalls: true), Layer.Length));
        using var stop = new CancellationTokenSource();
        await using Stream stream = await registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(Layer), Token);
        byte[] buffer = new byte[Layer.Length];
        Assert.Equal(300, await stream.ReadAsync(buffer, stop.Token));

        ValueTask<int> read = stream.ReadAsync(buffer, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task RefusesALayerWhoseDigestDoesNotMatch()
    {
        byte[] other = [.. Layer];
        other[^1] ^= 1;
        var registry = new FakeRegistry(_ => FakeRegistry.Bytes(other));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(registry, Layer));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
        Assert.Contains(FakeRegistry.DigestOf(other).ToString(), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task RefusesALayerOfAnotherAnnouncedLength(int more)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Bytes(new byte[Layer.Length + more]));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(Layer), Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
        Assert.Contains($"announces {Layer.Length + more}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResumesABodyThatEndsWithoutSayingItsLength()
    {
        var registry = new FakeRegistry(request => request.Range is null ? Body(new MemoryStream(Layer, 0, 400), null) : Part(request, Layer));

        Assert.Equal(Layer, await ReadAsync(registry, Layer));
    }

    [Fact]
    public async Task RefusesABodyThatGoesOnTooLong()
    {
        var registry = new FakeRegistry(_ => Body(new MemoryStream([.. Layer, 1]), null));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(registry, Layer));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
        Assert.Contains("is longer than the 1000 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task GivesTheRightBytesHoweverOftenItBreaks() =>
        Gen.Int[0, Layer.Length].Array[1, 5].SampleAsync(async breaks =>
        {
            int asked = 0;
            var registry = new FakeRegistry(request =>
            {
                HttpResponseMessage whole = request.Range is null ? FakeRegistry.Bytes(Layer) : Part(request, Layer);
                return asked < breaks.Length ? Broken(whole, breaks[asked++]) : whole;
            });

            Assert.Equal(Layer, await ReadAsync(registry, Layer));
        }, iter: 200);

    private static async Task<byte[]> ReadAsync(FakeRegistry registry, byte[] expected)
    {
        await using Stream stream = await registry.Open("r.io/n").OpenBlobAsync(FakeRegistry.DescriptorOf(expected), Token);
        using var all = new MemoryStream();
        return await registry.PassTimeAsync(CopyAsync(stream, all));
    }

    private static async Task<byte[]> CopyAsync(Stream stream, MemoryStream all)
    {
        await stream.CopyToAsync(all, Token);
        return all.ToArray();
    }
}
