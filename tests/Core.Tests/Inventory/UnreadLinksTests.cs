using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.LayersOfTests;

namespace ImageScan.Core.Tests.Inventory;

/// <summary>What lies behind a link at a place where detectors look, and was not read, is said.</summary>
public sealed class UnreadLinksTests
{
    [Fact]
    public void SaysThatADatabaseWasMovedBehindALink()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        InventoryWarning warning = Assert.Single(LayerMerge.Of([Layer("data/dpkg/status"), Layer(link)]).Warnings);

        Assert.Equal(DpkgStatus, warning.Path);
        Assert.Contains("data/dpkg/status", warning.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatALinkedDatabaseFolderHasNothingThatWasRead()
    {
        SymbolicLink link = new("var/lib/dpkg", "/data/dpkg") { Wanted = [DpkgStatus, "var/lib/dpkg/status.d/"] };

        Assert.Single(LayerMerge.Of([Layer(link)]).Warnings);
    }

    [Fact]
    public void SaysNothingWhenTheFileBehindTheLinkWasRead()
    {
        SymbolicLink link = new("lib", "usr/lib") { Wanted = [ApkInstalled] };

        Assert.Empty(LayerMerge.Of([Layer(link), Layer(Apk(UsrApkInstalled))]).Warnings);
    }

    [Fact]
    public void SaysNothingWhenThereIsNoFileBehindTheLink()
    {
        SymbolicLink lib = new("lib", "usr/lib") { Wanted = [ApkInstalled] };
        SymbolicLink var = new("var", "mnt") { Wanted = [DpkgStatus, "var/lib/dpkg/status.d/"] };

        Assert.Empty(LayerMerge.Of([Layer(lib, var, "usr/lib/libc.so")]).Warnings);
    }

    [Fact]
    public void SaysNothingWhenTheFileBehindTheLinkWasRemoved()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        Assert.Empty(LayerMerge.Of([Layer(link, "data/dpkg/status"), Layer().Without("data")]).Warnings);
    }

    [Fact]
    public void SaysNothingOfALinkThatIsGone()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        Assert.Empty(LayerMerge.Of([Layer(link, "data/dpkg/status"), Layer(Dpkg("a=1")).Without("var/lib/dpkg")]).Warnings);
    }

    [Fact]
    public void SaysThatLinksHaveNoEnd()
    {
        SymbolicLink link = new("var/lib/dpkg", "dpkg") { Wanted = [DpkgStatus] };

        Assert.Contains("no end", Assert.Single(LayerMerge.Of([Layer(link)]).Warnings).Reason, StringComparison.Ordinal);
    }
}
