using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class DigestTests
{
    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public void RefusesWhatIsNoDigest(string text) => Assert.False(Digest.TryParse(text, out _));
}
