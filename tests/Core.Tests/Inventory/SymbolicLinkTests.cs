using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class SymbolicLinkTests
{
    [Theory]
    [InlineData("lib/libz.so.1", "libz.so.1.3", "lib/libz.so.1.3")]
    [InlineData("var/lib/dpkg", "../../data/./dpkg/", "data/dpkg")]
    [InlineData("usr/lib/x", "/opt//x", "opt/x")]
    [InlineData("x", "../../../etc", "etc")]
    [InlineData("a/x", "..", "")]
    [InlineData("x", "", "")]
    public void PointsBelowTheRootWhateverItsText(string path, string target, string pointsTo) =>
        Assert.Equal(pointsTo, new SymbolicLink(path, target).TargetPath());
}
