using System.Security.Cryptography;
using ImageScan.Core.Images;
using ImageScan.Core.Tests.Images.Registries;

namespace ImageScan.Core.Tests.Images;

public sealed class VerifiedStreamTests
{
    private static readonly byte[] Content = TestImages.Layer;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void GivesTheRightBytesInAnyPieces(int piece)
    {
        using var stream = new VerifiedStream(new MemoryStream(Content), FakeRegistry.DescriptorOf(Content));
        using var all = new MemoryStream();

        stream.CopyTo(all, piece);

        Assert.Equal(Content, all.ToArray());
    }

    [Fact]
    public async Task HandsOutTheLastBytesOnlyIfTheDigestIsRight()
    {
        byte[] other = [.. Content];
        other[0] ^= 1;
        await using var stream = new VerifiedStream(new MemoryStream(other), FakeRegistry.DescriptorOf(Content));
        byte[] buffer = new byte[Content.Length];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, Content.Length - 1), Token);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(async () => await stream.ReadExactlyAsync(buffer.AsMemory(0, 1), Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public void RefusesContentThatIsTooShort()
    {
        using var stream = new VerifiedStream(new MemoryStream(Content[..^1]), FakeRegistry.DescriptorOf(Content));

        RegistryException e = Assert.Throws<RegistryException>(() => stream.CopyTo(Stream.Null));

        Assert.EndsWith("ended after 999 of 1000 bytes.", e.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void RefusesContentThatIsTooLong(int piece)
    {
        using var stream = new VerifiedStream(new MemoryStream([.. Content, 0]), FakeRegistry.DescriptorOf(Content));

        RegistryException e = Assert.Throws<RegistryException>(() => stream.CopyTo(Stream.Null, piece));

        Assert.EndsWith("is longer than the 1000 bytes it should have.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsEmptyContent()
    {
        using var right = new VerifiedStream(new MemoryStream([]), FakeRegistry.DescriptorOf([]));
        using var wrong = new VerifiedStream(new MemoryStream([]), FakeRegistry.DescriptorOf(Content) with { Size = 0 });

        right.CopyTo(Stream.Null);
        Assert.Throws<RegistryException>(() => wrong.CopyTo(Stream.Null));
    }

    [Theory]
    [InlineData("sha384")]
    [InlineData("sha512")]
    public void KnowsTheOtherAlgorithms(string algorithm)
    {
        byte[] hash = algorithm == "sha384" ? SHA384.HashData(Content) : SHA512.HashData(Content);
        var expected = new Descriptor("", Digest.Parse($"{algorithm}:{Convert.ToHexStringLower(hash)}"), Content.Length);
        byte[] other = [.. Content];
        other[^1] ^= 1;
        using var right = new VerifiedStream(new MemoryStream(Content), expected);
        using var wrong = new VerifiedStream(new MemoryStream(other), expected);
        using var all = new MemoryStream();

        right.CopyTo(all);

        Assert.Equal(Content, all.ToArray());
        Assert.Equal(RegistryFailure.Corrupt, Assert.Throws<RegistryException>(() => wrong.CopyTo(Stream.Null)).Failure);
    }
}
