using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class RpmManifestTests
{
    private const string Manifest = "var/lib/rpmmanifest/container-manifest-2";

    private readonly RpmDetector _detector = new();

    [Fact]
    public void ReadsPackagesWithSourceEpochAndVendor()
    {
        const string Text =
            "filesystem\t1.1-10.cm2\t1653816591\t1653628924\tMicrosoft Corporation\t(none)\t7596\tx86_64\t0\tfilesystem-1.1-10.cm2.src.rpm\n"
            + "openssl-libs\t1.1.1k-17.cm2\t1653816592\t1653631609\tMicrosoft Corporation\t(none)\t4365048\tx86_64\t0\topenssl-1.1.1k-17.cm2.src.rpm\n"
            + "ca-certificates\t3.0.0-15.azl3\t1653816592\t1653631609\tMicrosoft Corporation\t1\t10\tnoarch\t1\tca-certificates-3.0.0-15.azl3.src.rpm\n";

        FileFindings found = Detection.Read(_detector, Manifest, Text);

        Assert.Empty(found.Warnings);
        Assert.Equal(
            [
                ("filesystem", "1.1-10.cm2", null, "x86_64", "Microsoft Corporation"),
                ("openssl-libs", "1.1.1k-17.cm2", "openssl", "x86_64", "Microsoft Corporation"),
                ("ca-certificates", "1:3.0.0-15.azl3", null, "noarch", "Microsoft Corporation"),
            ],
            found.Packages.Select(p => (p.Name, p.Version, p.SourceName, p.Architecture, p.Vendor)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Rpm, Manifest, null), (package.Type, package.Path, package.SourceVersion)));
    }

    [Fact]
    public void LeavesOutKeysAndWhatIsNotStated()
    {
        const string Text =
            "gpg-pubkey\t3135ce90-5e6fda74\t1\t2\t(none)\t(none)\t0\t(none)\t0\t(none)\n"
            + "a\t1-2\t1\t2\t(none)\t(none)\t0\t(none)\t(none)\t(none)\n";

        Package package = Assert.Single(Detection.Read(_detector, Manifest, Text).Packages);

        Assert.Equal(("a", "1-2", null, null, null), (package.Name, package.Version, package.SourceName, package.Architecture, package.Vendor));
    }

    [Fact]
    public void SaysWhichLineIsNoPackage()
    {
        FileFindings found = Detection.Read(_detector, Manifest, "\n\na\t1-2\nb\t1-2\t1\t2\tv\t0\t0\tx\t0\tb-1-2.src.rpm\n");

        Assert.Equal("b", Assert.Single(found.Packages).Name);
        Assert.Contains("Line 3 ", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }
}
