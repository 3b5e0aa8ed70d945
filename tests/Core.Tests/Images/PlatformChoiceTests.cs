using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class PlatformChoiceTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/arm64 linux/amd64 windows/amd64", 1)]
    [InlineData("linux/arm64", "linux/amd64 linux/arm64/v8", 1)]
    [InlineData("linux/arm64/v8", "linux/amd64 linux/arm64", 1)]
    [InlineData("linux/arm", "linux/arm/v6 linux/arm/v7", 1)]
    [InlineData("linux/arm", "linux/arm/v5 linux/arm/v6", 0)]
    [InlineData("linux/arm/v6", "linux/arm/v7 linux/arm/v6", 1)]
    [InlineData("linux/amd64", "linux/amd64/v3 linux/amd64", 1)]
    [InlineData("linux/amd64", "none", 0)]
    [InlineData("windows/amd64", "linux/amd64 windows/amd64 windows/amd64", 1)]
    public void ChoosesTheEntryOfThePlatform(string wanted, string offered, int expected)
    {
        Assert.True(Platform.TryParse(wanted, out Platform? platform));
        List<IndexEntry> entries = Entries(offered);

        Assert.Equal(entries[expected].Target, PlatformChoice.Choose(entries, platform, "r.io/n:1"));
    }

    [Theory]
    [InlineData("linux/amd64", "linux/arm64 linux/ppc64le", "no manifest in list matched linux and amd64 or amd64 architectures: \"r.io/n:1\" (it has linux/arm64, linux/ppc64le)")]
    [InlineData("linux/arm/v6", "linux/arm/v7", "no manifest in list matched linux and arm or arm/v6 architectures: \"r.io/n:1\" (it has linux/arm/v7)")]
    [InlineData("linux/arm64", "linux/amd64", "no manifest in list matched linux and arm64 or arm64 architectures: \"r.io/n:1\" (it has linux/amd64)")]
    [InlineData("linux/amd64", "none none", "no manifest in list matched linux and amd64 or amd64 architectures: \"r.io/n:1\" (it has an unnamed platform)")]
    [InlineData("linux/amd64", "", "no manifest in list matched linux and amd64 or amd64 architectures: \"r.io/n:1\" (it lists no image)")]
    public void NeverTakesAnotherPlatform(string wanted, string offered, string message)
    {
        Assert.True(Platform.TryParse(wanted, out Platform? platform));

        RegistryException e = Assert.Throws<RegistryException>(() => PlatformChoice.Choose(Entries(offered), platform, "r.io/n:1"));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void SkipsAttestations()
    {
        List<IndexEntry> entries = Entries("none none");
        entries[0] = entries[0] with { IsAttestation = true };

        Assert.Equal(entries[1].Target, PlatformChoice.Choose(entries, Platform.Default, "r.io/n:1"));
    }

    [Fact]
    public void SkipsWhatIsNoManifest()
    {
        List<IndexEntry> entries = Entries("linux/amd64 linux/amd64");
        entries[0] = entries[0] with { Target = entries[0].Target with { MediaType = "application/vnd.example" } };

        Assert.Equal(entries[1].Target, PlatformChoice.Choose(entries, Platform.Default, "r.io/n:1"));
    }

    private static List<IndexEntry> Entries(string offered) => [.. offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, at) => new IndexEntry(
        new Descriptor(MediaTypes.OciManifest, Digest.OfSha256([.. Enumerable.Repeat((byte)at, 32)]), at),
        Platform.TryParse(text, out Platform? platform) ? platform : null,
        false,
        null,
        null))];
}
