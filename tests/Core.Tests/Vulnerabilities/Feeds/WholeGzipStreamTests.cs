using System.IO.Compression;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class WholeGzipStreamTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 3000).Select(number => (byte)(number * number / 7))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public void GivesAllMembers(int bufferBytes)
    {
        byte[] packed = [.. Gzip(Text), .. Gzip([]), .. Gzip(Text)];

        Assert.Equal([.. Text, .. Text], ReadAll(packed, bufferBytes));
    }

    [Fact]
    public async Task GivesTheSameAsynchronously()
    {
        byte[] packed = Gzip(Text);
        using var read = new MemoryStream();

        await using (var stream = new WholeGzipStream(new MemoryStream(packed)))
        {
            await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Text, read.ToArray());
    }

    [Fact]
    public void EndsWithAnErrorWhereverItIsCut()
    {
        byte[] packed = [.. Gzip(Text), .. Gzip(Text)];
        int member = packed.Length / 2;

        for (int length = 1; length < packed.Length; length++)
        {
            if (length != member)
            {
                Assert.Throws<InvalidDataException>(() => ReadAll(packed[..length], 4096));
            }
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] ReadAll(byte[] packed, int bufferBytes)
    {
        using var stream = new WholeGzipStream(new MemoryStream(packed));
        var all = new List<byte>();
        byte[] buffer = new byte[bufferBytes];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, read));
        }

        return [.. all];
    }
}
