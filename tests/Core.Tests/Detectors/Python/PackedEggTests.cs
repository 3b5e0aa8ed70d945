using System.IO.Compression;
using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Python;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Python;

public sealed class PackedEggTests
{
    private const string Egg = "usr/lib/python2.7/site-packages/foo-1.2-py2.7.egg";
    private const string Metadata = "Metadata-Version: 1.0\nName: Foo_Bar\nVersion: 1.2\nLicense: MIT\n";

    private readonly PythonDetector _detector = new();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void ReadsTheMetadataInAPackedEgg(CompressionLevel level)
    {
        byte[] egg = Zip(level, ("foo/__init__.py", new string('x', 10_000)), ("EGG-INFO/PKG-INFO", Metadata), ("foo/late.py", ""));

        Package package = Assert.Single(Detection.Read(_detector, Egg, egg).Packages);

        Assert.Equal(("foo-bar", "1.2", "MIT", Egg), (package.Name, package.Version, package.License, package.Path));
    }

    [Fact]
    public void SaysThatAnEggHasNoMetadata() =>
        Assert.Contains("no EGG-INFO/PKG-INFO", Warning(Zip(CompressionLevel.Optimal, ("a", "b"))), StringComparison.Ordinal);

    [Fact]
    public void SaysThatAnEggBreaksOff() => Assert.Contains("breaks off", Warning(Zip(CompressionLevel.NoCompression, ("a", "bbbb"))[..33]), StringComparison.Ordinal);

    [Fact]
    public void SaysThatSizesAreNotInTheHeaders()
    {
        byte[] egg = Zip(CompressionLevel.Optimal, ("a", "b"));
        egg[6] |= 8;

        Assert.Contains("cannot be read forward", Warning(egg), StringComparison.Ordinal);
    }

    [Fact]
    public void PassesOverAFileThatIsNoZip() => Assert.Empty(Detection.Read(_detector, Egg, "this is an egg of a bird").Warnings);

    [Fact]
    public void NoSpoiltEggThrowsOrGivesMoreThanOnePackage()
    {
        byte[] good = Zip(CompressionLevel.Optimal, ("foo/__init__.py", "x"), ("EGG-INFO/PKG-INFO", Metadata));

        Gen.Select(Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[1, 5], Gen.Int[0, 300]).Sample(
            (changes, cut) =>
            {
                byte[] egg = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    egg[at % egg.Length] = value;
                }

                FileFindings found = Detection.Read(_detector, Egg, egg[..^(cut % egg.Length)]);

                Assert.InRange(found.Packages.Count, 0, 1);
            },
            iter: 3000);
    }

    [Fact]
    public void UnpacksNoMoreThanMetadataHas()
    {
        // A thousandfold: 64 MiB of headers in 64 KiB.
        byte[] egg = Zip(CompressionLevel.SmallestSize, ("EGG-INFO/PKG-INFO", $"{Metadata}X: {new string('x', 64 << 20)}"));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Single(Detection.Read(_detector, Egg, egg).Packages);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private string Warning(byte[] egg)
    {
        FileFindings found = Detection.Read(_detector, Egg, egg);
        Assert.Empty(found.Packages);
        return Assert.Single(found.Warnings).Reason;
    }

    private static byte[] Zip(CompressionLevel level, params (string Name, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream file = zip.CreateEntry(name, level).Open();
                file.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
