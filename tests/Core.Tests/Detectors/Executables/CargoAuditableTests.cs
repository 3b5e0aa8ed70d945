using System.IO.Compression;
using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class CargoAuditableTests
{
    private readonly ExecutableDetector _detector = new();

    [Fact]
    public void ListsTheCratesThatAreInTheProgram()
    {
        FileFindings found = Detection.Read(_detector, "usr/bin/hello", RealPrograms.Read("rust-auditable"));

        Assert.Equal(["adler 0.2.3", "hello 0.1.0", "zeroize 1.3.0"], found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Cargo, "usr/bin/hello"), (package.Type, package.Path)));
    }

    [Theory]
    [InlineData("""{"packages":[{"name":"a","version":"1.0.0","kind":"dev"},{"name":"b"},{"version":"1"},7]}""")]
    [InlineData("""{"packages":[{"name":7,"version":"1"},{"name":"\ud800","version":"1"}]}""")]
    [InlineData("""{"packages":[]}""")]
    public void ListsNothingElse(string json)
    {
        FileFindings found = Read(Zlib(Encoding.UTF8.GetBytes(json)));

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("[]", "has no packages")]
    [InlineData("{\"\\ud800abcdefghijk\":1}", "no valid JSON")]
    [InlineData("{\"packages\":{}}", "has no packages")]
    [InlineData("{\"packages\":[", "no valid JSON")]
    public void SaysThatAListIsNone(string json, string reason) =>
        Assert.Contains(reason, Assert.Single(Read(Zlib(Encoding.UTF8.GetBytes(json))).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void SaysThatAListIsNotCompressed() =>
        Assert.Contains("not compressed", Assert.Single(Read("{\"packages\":[]}"u8.ToArray()).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void StopsAtAListThatGrowsTooLarge()
    {
        FileFindings found = Read(Zlib(new byte[64 << 20]));

        Assert.Contains("more than 8388608 bytes", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    internal static byte[] Zlib(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return compressed.ToArray();
    }

    private FileFindings Read(byte[] section) => Detection.Read(_detector, "usr/bin/x", MadeElf.With(".dep-v0", section));
}
