using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;

namespace ImageScan.Core.Tests.Reports;

public sealed class BillOfMaterialsTests
{
    [Fact]
    public void NumbersPackagesThatCannotBeToldApart()
    {
        var one = new InstalledPackage(ReportedScans.Package(PackageType.Npm, "a", "1", "a/package.json"), 0);
        var other = new InstalledPackage(ReportedScans.Package(PackageType.Npm, "b", "1", "b/package.json"), 0);

        string[] references = [.. new BillOfMaterials(ReportedScans.Of(one, one, other, one)).Packages().Select(package => package.Reference)];

        Assert.Equal([references[0], $"{references[0]}-2", references[2], $"{references[0]}-3"], references);
        Assert.NotEqual(references[0], references[2]);
    }
}
