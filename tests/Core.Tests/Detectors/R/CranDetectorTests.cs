using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.R;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.R;

public sealed class CranDetectorTests
{
    private const string File = "usr/lib/R/site-library/jsonlite/DESCRIPTION";

    private readonly CranDetector _detector = new();

    [Fact]
    public void ReadsARealDescription()
    {
        FileFindings found = Detection.ReadTestData(_detector, File, "r-jsonlite-DESCRIPTION");

        Package package = Assert.Single(found.Packages);
        Assert.Equal(
            (PackageType.Cran, "jsonlite", "1.8.4", "MIT + file LICENSE", File),
            (package.Type, package.Name, package.Version, package.License, package.Path));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("Package: x\nVersion: 1.0\n")]
    [InlineData("Package: x\nVersion: 1.0\nPriority: base\nBuilt: R 4.2.2\n")]
    [InlineData("Package: x\nBuilt: R 4.2.2\n")]
    [InlineData("Version: 1.0\nBuilt: R 4.2.2\n")]
    [InlineData("Package: x\nVersion: 1.0\n Built: R 4.2.2\n")]
    [InlineData("Package: x\nVersion: 1.0\n\nBuilt: R 4.2.2\n")]
    [InlineData("A free text about something.\n")]
    [InlineData("")]
    public void PassesOverWhatIsNotInstalledOrNoPackage(string text)
    {
        FileFindings found = Detection.Read(_detector, File, text);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData(File, true)]
    [InlineData("root/renv/library/R-4.3/x86_64-pc-linux-gnu/a/DESCRIPTION", true)]
    [InlineData("DESCRIPTION", false)]
    [InlineData("a/DESCRIPTION.md", false)]
    public void WantsDescriptionsAnywhere(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
