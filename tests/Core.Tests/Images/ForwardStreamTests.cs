using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class ForwardStreamTests
{
    [Fact]
    public async Task GivesTheSameBytesToEveryWayOfReading()
    {
        await using var stream = new Counting();
        byte[] bytes = new byte[7];

        bytes[0] = (byte)stream.ReadByte();
        stream.ReadExactly(bytes, 1, 1);
        stream.ReadExactly(bytes.AsSpan(2, 1));
        await stream.ReadExactlyAsync(bytes, 3, 1, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(bytes.AsMemory(4, 1), TestContext.Current.CancellationToken);
        Assert.Equal(2, await Task.Factory.FromAsync(stream.BeginRead(bytes, 5, 2, null, null), stream.EndRead));

        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6, 7 }, bytes);
    }

    [Fact]
    public async Task ReadsNothingForACallerThatHasStopped()
    {
        await using var stream = new Counting();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[1], new CancellationToken(true)));

        Assert.Equal(1, stream.ReadByte());
    }

    private sealed class Counting : ForwardStream
    {
        private byte _last;

        public override int Read(Span<byte> buffer)
        {
            foreach (ref byte next in buffer)
            {
                next = ++_last;
            }

            return buffer.Length;
        }
    }
}
