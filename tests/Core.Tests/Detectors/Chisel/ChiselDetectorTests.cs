using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Chisel;
using ImageScan.Core.Inventory;
using ZstdSharp;

namespace ImageScan.Core.Tests.Detectors.Chisel;

public sealed class ChiselDetectorTests
{
    private const string File = "var/lib/chisel/manifest.wall";

    private const string Manifest = """
        {"jsonwall":"1.0","schema":"1.0","count":8}
        {"kind":"content","slice":"base-files_base","path":"/etc/"}
        {"kind":"content","slice":"libc6_libs","path":"/usr/lib/x86_64-linux-gnu/libc.so.6"}
        {"kind":"content","slice":"libpython3.12-stdlib_core","path":"/usr/lib/python3/x.egg-info"}
        {"kind":"package","name":"base-files","version":"13ubuntu10.1","sha256":"ab","arch":"amd64"}
        {"kind":"package","name":"libc6","version":"2.39-0ubuntu8.3","sha256":"cd","arch":"amd64"}
        {"kind":"path","path":"/etc/","mode":"0755","slices":["base-files_base"]}
        {"kind":"slice","name":"libc6_libs"}

        """;

    private readonly ChiselDetector _detector = new();

    [Fact]
    public void ReadsPackagesAndWhatTheyOwn()
    {
        FileFindings found = Detection.Read(_detector, File, Packed(Manifest));

        Assert.Equal(
            [("base-files", "13ubuntu10.1", "amd64"), ("libc6", "2.39-0ubuntu8.3", "amd64")],
            found.Packages.Select(package => (package.Name, package.Version, package.Architecture)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Dpkg, File, null), (package.Type, package.Path, package.SourceName)));
        Assert.Equal(["libc6", "libpython3.12-stdlib"], found.Owned.Select(owned => owned.Owner));
        Assert.Equal(["usr/lib/x86_64-linux-gnu/libc.so.6", "usr/lib/python3/x.egg-info"], found.OwnedPaths());
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("{\"kind\":\"package\",\"name\":\"x\"}")]
    [InlineData("{\"kind\":\"package\",\"version\":\"1\",\"name\":{\"name\":\"x\"}}")]
    [InlineData("{\"kind\":\"package\",")]
    public void SaysThatALineNamesNoPackage(string line)
    {
        FileFindings found = Detection.Read(_detector, File, Packed("{\"jsonwall\":\"1.0\"}\n" + line + "\n{\"kind\":\"package\",\"name\":\"y\",\"version\":\"1\"}\n"));

        Assert.Equal(["y"], found.Packages.Select(package => package.Name));
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void SaysThatAManifestIsNotPacked() => Assert.Single(Detection.Read(_detector, File, Manifest).Warnings);

    [Theory]
    [InlineData("")]
    [InlineData("{}\n")]
    [InlineData("[1]\n")]
    public void SaysThatAManifestIsNoJsonwall(string text) =>
        Assert.Contains("no jsonwall", Assert.Single(Detection.Read(_detector, File, Packed(text)).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void KeepsWhatStandsBeforeTheDamage()
    {
        byte[] packed = [.. Packed(Manifest), .. "no zstd frame"u8];

        FileFindings found = Detection.Read(_detector, File, packed);

        Assert.Equal(2, found.Packages.Count);
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void ReadsOnlyTheBeginningOfAManifestThatExpandsForEver()
    {
        byte[] line = Encoding.UTF8.GetBytes("{\"kind\":\"slice\",\"name\":\"x_y\"}\n");
        byte[] bomb = Packed("{\"jsonwall\":\"1.0\"}\n" + Encoding.UTF8.GetString(Enumerable.Repeat(line, 3_000_000).SelectMany(l => l).ToArray()));

        FileFindings found = Detection.Read(_detector, File, bomb);

        Assert.Contains("only the first", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SpoiltManifestsThrowNothing()
    {
        byte[] good = Packed(Manifest);
        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 4], Gen.Int[0, good.Length - 1]).Sample(
            (changes, cut) =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                FileFindings found = Detection.Read(_detector, File, bytes[..^cut]);
                Assert.True(found.Packages.Count <= 20);
            },
            iter: 2000);
    }

    [Theory]
    [InlineData(File, true)]
    [InlineData("rootfs/var/lib/chisel/manifest.wall", false)]
    public void WantsOnlyTheManifest(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    private static byte[] Packed(string text)
    {
        using var zstd = new Compressor();
        return zstd.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }
}
