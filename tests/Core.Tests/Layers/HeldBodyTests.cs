using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public class HeldBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(3 << 20)]
    public void HoldsTheWholeFile(int size)
    {
        byte[] content = new byte[size];
        new Random(1).NextBytes(content);

        using HeldBody body = HeldBody.Take(content.AsSpan(0, size / 2), new MemoryStream(content, size / 2, size - (size / 2)), size, Token);

        Assert.Equal(content, body.Memory.ToArray());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3 << 20)]
    public void ThrowsWhenTheFileEndsEarlyAndLetsGoOfTheRoom(int size)
    {
        for (int i = 0; i < 2 * HeldBody.SharedBytes / (3 << 20); i++)
        {
            Assert.Throws<EndOfStreamException>(() => HeldBody.Take(new MemoryStream(new byte[size - 1]), size, Token));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3 << 20)]
    public void IsGoneAfterItsEnd(int size)
    {
        HeldBody body = HeldBody.Take(new MemoryStream(new byte[size]), size, Token);
        body.Dispose();
        body.Dispose();

        Assert.Throws<ObjectDisposedException>(() => body.Memory);
    }

    [Fact]
    public async Task WaitsUntilOthersHaveLetGo()
    {
        const long Large = HeldBody.SharedBytes * 2 / 3;
        HeldBody first = HeldBody.Take(new Zeros(), Large, Token);
        Task<bool> second = TakeAndLetGo(Large);
        Task<bool> alone = TakeAndLetGo(HeldBody.SharedBytes * 2);
        Assert.False(second.IsCompleted || alone.IsCompleted);

        first.Dispose();

        Assert.True(await second && await alone);
    }

    [Fact]
    public async Task LeavesTheQueueWhenItIsCancelled()
    {
        const long Large = HeldBody.SharedBytes * 2 / 3;
        using HeldBody first = HeldBody.Take(new Zeros(), Large, Token);
        using var cancelled = new CancellationTokenSource();
        Task waiting = Task.Run(() => HeldBody.Take(new Zeros(), Large, cancelled.Token), Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(await TakeAndLetGo(HeldBody.SharedBytes / 4));
    }

    private static Task<bool> TakeAndLetGo(long size) => Task.Run(() =>
    {
        using HeldBody body = HeldBody.Take(new Zeros(), size, Token);
        return body.Memory.Length == size;
    });

    private sealed class Zeros : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Clear(buffer, offset, count);
            return count;
        }

        public override int Read(Span<byte> buffer)
        {
            buffer.Clear();
            return buffer.Length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
