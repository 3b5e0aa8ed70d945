using CsCheck;
using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

/// <summary>The table of names that StackRox was measured with, and the grammar of distribution/reference.</summary>
public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io", "library/nginx", "latest", "docker.io/library/nginx:latest")]
    [InlineData("docker.io/nginx", "docker.io", "library/nginx", "latest", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/nginx", "docker.io", "library/nginx", "latest", "docker.io/library/nginx:latest")]
    [InlineData("foo/bar", "docker.io", "foo/bar", "latest", "docker.io/foo/bar:latest")]
    [InlineData("ghcr.io/foo/bar:1.2", "ghcr.io", "foo/bar", "1.2", "ghcr.io/foo/bar:1.2")]
    [InlineData("registry:5000/bar", "registry:5000", "bar", "latest", "registry:5000/bar:latest")]
    [InlineData("localhost/bar", "localhost", "bar", "latest", "localhost/bar:latest")]
    [InlineData("localhost:5000/a/b:2", "localhost:5000", "a/b", "2", "localhost:5000/a/b:2")]
    [InlineData("Foo/bar", "Foo", "bar", "latest", "Foo/bar:latest")]
    [InlineData("[::1]:5000/bar", "[::1]:5000", "bar", "latest", "[::1]:5000/bar:latest")]
    [InlineData("sha256:abc", "docker.io", "library/sha256", "abc", "docker.io/library/sha256:abc")]
    [InlineData("a__b/c-d---e.f", "docker.io", "a__b/c-d---e.f", "latest", "docker.io/a__b/c-d---e.f:latest")]
    [InlineData("a_b.c/x", "", "a_b.c/x", "latest", "a_b.c/x:latest")]
    public void ReadsANameWithoutDigest(string text, string registry, string remote, string tag, string fullName)
    {
        Assert.True(ImageReference.TryParse(text, out ImageReference? reference, out _));

        Assert.Equal(new ImageReference(registry, remote, tag, fullName, null), reference);
    }

    [Fact]
    public void KeepsTagAndDigest()
    {
        Assert.True(ImageReference.TryParse($"r.io/n:1@sha256:{Hex}", out ImageReference? reference, out _));

        Assert.Equal(new ImageReference("r.io", "n", "1", $"r.io/n:1@sha256:{Hex}", Digest.Parse($"sha256:{Hex}")), reference);
    }

    [Theory]
    [InlineData("sha256", 64)]
    [InlineData("sha384", 96)]
    [InlineData("sha512", 128)]
    public void GivesNoTagToANameWithADigestAlone(string algorithm, int length)
    {
        string digest = $"{algorithm}:{new string('a', length)}";

        Assert.True(ImageReference.TryParse($"r.io/n@{digest}", out ImageReference? reference, out _));

        Assert.Equal(new ImageReference("r.io", "n", "", $"r.io/n@{digest}", Digest.Parse(digest)), reference);
    }

    [Theory]
    [InlineData(Hex)]
    [InlineData("sha256:" + Hex)]
    public void ReadsABareDigestAsAnImageWithoutRegistry(string text)
    {
        Assert.True(ImageReference.TryParse(text, out ImageReference? reference, out _));

        Assert.Equal(new ImageReference("", "", "", $"sha256:{Hex}", Digest.Parse($"sha256:{Hex}")), reference);
    }

    [Theory]
    [InlineData("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase")]
    [InlineData("ghcr.io/Foo/bar:1", "invalid reference format: repository name (Foo/bar) must be lowercase")]
    [InlineData("https://x/y", "invalid reference format")]
    [InlineData("a b", "invalid reference format")]
    [InlineData(" nginx", "invalid reference format")]
    [InlineData("nginx\n", "invalid reference format")]
    [InlineData("nginx/", "invalid reference format")]
    [InlineData("docker.io/", "invalid reference format")]
    [InlineData("", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("a..b", "invalid reference format")]
    [InlineData("a___b", "invalid reference format")]
    [InlineData("../etc/passwd", "invalid reference format")]
    [InlineData("r.io:x/n", "invalid reference format")]
    [InlineData("n:", "invalid reference format")]
    [InlineData("n:-1", "invalid reference format")]
    [InlineData("n@sha256:abc", "invalid reference format")]
    [InlineData("n@md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm")]
    [InlineData("n@sha256:d41d8cd98f00b204e9800998ecf8427e", "invalid checksum digest length")]
    [InlineData("n@sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "invalid checksum digest format")]
    public void RefusesWithTheReason(string text, string expected)
    {
        Assert.False(ImageReference.TryParse(text, out _, out string? reason));

        Assert.Equal(expected, reason);
    }

    [Fact]
    public void AcceptsATagOf128CharactersAndRefusesOneMore()
    {
        Assert.True(ImageReference.TryParse($"n:{new string('t', 128)}", out _, out _));
        Assert.False(ImageReference.TryParse($"n:{new string('t', 129)}", out _, out string? reason));

        Assert.Equal("invalid reference format", reason);
    }

    [Fact]
    public void AcceptsARepositoryOf255CharactersAndRefusesOneMore()
    {
        Assert.True(ImageReference.TryParse($"r.io/{new string('n', 255)}", out _, out _));
        Assert.False(ImageReference.TryParse($"r.io/{new string('n', 256)}", out _, out string? reason));

        Assert.Equal("repository name must not be more than 255 characters", reason);
    }

    [Fact]
    public void ReadsItsOwnFullNameAgain() =>
        Gen.Char["abzAZ019:/@._-[]\n é"].Array[0, 40].Select(characters => new string(characters)).Sample(text =>
        {
            if (ImageReference.TryParse(text, out ImageReference? first, out _) && first.Registry.Length > 0)
            {
                Assert.True(ImageReference.TryParse(first.FullName, out ImageReference? second, out _));
                Assert.Equal(first, second);
            }
        });
}
