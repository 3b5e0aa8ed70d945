using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

/// <summary>What lies behind a link at a place where detectors look, and was not read, is said.</summary>
public sealed class UnreadLinksTests
{
    [Fact]
    public void SaysThatADatabaseWasMovedBehindALink()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        InventoryWarning warning = Assert.Single(LayerMerge.Of([Layer("data/dpkg/status"), Layer(link)], TestContext.Current.CancellationToken).Warnings);

        Assert.Equal(DpkgStatus, warning.Path);
        Assert.Contains("data/dpkg/status", warning.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatALinkedDatabaseFolderHasNothingThatWasRead()
    {
        SymbolicLink link = new("var/lib/dpkg", "/data/dpkg") { Wanted = [DpkgStatus, "var/lib/dpkg/status.d/"] };

        Assert.Single(LayerMerge.Of([Layer(link)], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingWhenTheFileBehindTheLinkWasRead()
    {
        SymbolicLink link = new("lib", "usr/lib") { Wanted = [ApkInstalled] };

        Assert.Empty(LayerMerge.Of([Layer(link), Layer(Apk(UsrApkInstalled))], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingWhenReadingTheFileBehindTheLinkFoundNothing()
    {
        SymbolicLink link = new("usr/lib/jvm/ext/x.jar", "../../../share/java/x.jar") { Wanted = ["usr/lib/jvm/ext/x.jar"] };
        LayerInventory read = Layer("usr/share/java/x.jar") with { ReadWithoutFindings = PathSet.Of(["usr/share/java/x.jar"]) };

        Assert.Empty(LayerMerge.Of([read, Layer(link)], TestContext.Current.CancellationToken).Warnings);
        Assert.Single(LayerMerge.Of([read, Layer(link, "usr/share/java/x.jar")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingWhenThereIsNoFileBehindTheLink()
    {
        SymbolicLink lib = new("lib", "usr/lib") { Wanted = [ApkInstalled] };
        SymbolicLink var = new("var", "mnt") { Wanted = [DpkgStatus, "var/lib/dpkg/status.d/"] };

        Assert.Empty(LayerMerge.Of([Layer(lib, var, "usr/lib/libc.so")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingWhenTheFileBehindTheLinkWasRemoved()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        Assert.Empty(LayerMerge.Of([Layer(link, "data/dpkg/status"), Layer().Without("data")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingWhenAFolderReplacedTheFileBehindTheLink()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };
        LayerInventory[] layers = [Layer(link, "data/dpkg/status"), Layer().WithFolders("data/dpkg/status")];

        Assert.Empty(LayerMerge.Of(layers, TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysNothingOfALinkThatIsGone()
    {
        SymbolicLink link = new("var/lib/dpkg", "../../data/dpkg") { Wanted = [DpkgStatus] };

        LayerInventory[] layers = [Layer(link, "data/dpkg/status"), Layer(Dpkg("a=1")).Without("var/lib/dpkg")];

        Assert.Empty(LayerMerge.Of(layers, TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void SaysThatLinksHaveNoEnd()
    {
        SymbolicLink link = new("var/lib/dpkg", "dpkg") { Wanted = [DpkgStatus] };

        Assert.Contains("no end", Assert.Single(LayerMerge.Of([Layer(link)], TestContext.Current.CancellationToken).Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FindsAFileAgainThatALowerLayerHidAndAHigherOneBrought()
    {
        var link = new SymbolicLink(DpkgStatus, "/data/status") { Wanted = [DpkgStatus] };

        Assert.Empty(LayerMerge.Of([Layer("data/status"), Layer(link).WithOpaque("")], TestContext.Current.CancellationToken).Warnings);
        Assert.Empty(LayerMerge.Of([Layer("data/status"), Layer("data"), Layer(link)], TestContext.Current.CancellationToken).Warnings);
        Assert.Single(LayerMerge.Of([Layer("data/status"), Layer(link).Without("data"), Layer("data/status")], TestContext.Current.CancellationToken).Warnings);
    }

    [Fact]
    public void LooksForManyLinksAmongManyWhiteoutsInReasonableTime()
    {
        // 8,000 links times 20 layers times 20,000 whiteouts is 3,200 million comparisons if every whiteout is held against every link.
        SymbolicLink[] links = [.. Enumerable.Range(0, 8000).Select(i => new SymbolicLink($"py/{i}.egg-info", $"/data/{i}") { Wanted = [$"py/{i}.egg-info"] })];
        string[] whiteouts = [.. Enumerable.Range(0, 20_000).Select(i => $"gone/some-longer-name-of-a-file/{i}")];
        LayerInventory[] layers = [.. Enumerable.Range(0, 20).Select(_ => Layer().Without(whiteouts)), Layer([.. links])];
        using var tooLate = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        tooLate.CancelAfter(TimeSpan.FromSeconds(30));

        Assert.Empty(LayerMerge.Of(layers, tooLate.Token).Warnings);
    }

    [Fact]
    public void SaysOnceThatThereAreManyMore()
    {
        SymbolicLink[] links = [.. Enumerable.Range(0, 500).Select(i => new SymbolicLink($"py/{i}.egg-info", "/data/x") { Wanted = [$"py/{i}.egg-info"] })];

        IReadOnlyList<InventoryWarning> warnings = LayerMerge.Of([Layer([.. links, "data/x"])], TestContext.Current.CancellationToken).Warnings;

        Assert.Equal(201, warnings.Count);
        Assert.Contains("more links", Assert.Single(warnings, warning => warning.Path.Length == 0).Reason, StringComparison.Ordinal);
    }
}
