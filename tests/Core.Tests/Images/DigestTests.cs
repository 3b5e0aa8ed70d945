using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class DigestTests
{
    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public void RefusesWhatIsNoDigest(string text) => Assert.False(Digest.TryParse(text, out _));

    [Theory]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData(
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    public void HashesByTheAlgorithmOfAnother(string text)
    {
        // The examples "abc" of FIPS 180-2.
        var digest = Digest.Parse(text);

        Assert.Equal(digest, Digest.OfBytes("abc"u8, digest));
    }

    [Fact]
    public void HashesBySha256WithoutAnother() => Assert.Equal("sha256", Digest.OfBytes("abc"u8).Algorithm);
}
