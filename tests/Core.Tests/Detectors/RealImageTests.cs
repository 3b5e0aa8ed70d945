using System.Formats.Tar;
using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>Whole images, saved by <c>docker save</c>, against what their databases say when they are counted by hand.</summary>
public sealed class RealImageTests
{
    [Theory]
    [InlineData("alpine-3.4.tar", "alpine", "3.4.6", 11)]
    [InlineData("alpine-3.9.tar", "alpine", "3.9.0", 11)]
    [InlineData("alpine-3.20.tar", "alpine", "3.20.3", 14)]
    [InlineData("debian-11.tar", "debian", "11", 426)]
    [InlineData("distroless-base12.tar", "debian", "12", 8)]
    [InlineData("rpm-ubi8-bdb.tar", "rhel", "8.0", 99)]
    [InlineData("rpm-sle15-bci.tar", "sles", "15.3", 35)]
    [InlineData("rpm-amazonlinux-2023.tar", "amzn", "2023", 102)]
    [InlineData("rpm-oraclelinux9.tar", "ol", "9.2", 181)]
    public async Task FindsEveryPackageAndTheDistribution(string archive, string id, string version, int packages)
    {
        ImageInventory image = await ReadAsync(SharedData.Path("images", archive));

        Assert.Equal((id, version), (image.Distribution?.Id, image.Distribution?.VersionId));
        Assert.Equal(packages, image.Packages.Count);
        Assert.Empty(image.Warnings);
    }

    [Fact]
    public async Task KnowsTheSourceOfADebianPackage()
    {
        ImageInventory image = await ReadAsync(SharedData.Path("images", "debian-11.tar"));

        Package package = image.Packages.Single(installed => installed.Package.Name == "bsdutils").Package;
        Assert.Equal(("1:2.36.1-8+deb11u1", "util-linux", "2.36.1-8+deb11u1"), (package.Version, package.SourceName, package.SourceVersion));
    }

    private static async Task<ImageInventory> ReadAsync(string path)
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        var layers = new List<LayerInventory>();
        using var reader = new TarReader(System.IO.File.OpenRead(path));

        // These images have one layer each, a tar in the tar.
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                layers.Add(await inspection.ReadAsync(
                    _ => Task.FromResult(entry.DataStream!), "application/vnd.docker.image.rootfs.diff.tar", TestContext.Current.CancellationToken));
            }
        }

        Assert.Single(layers);
        return LayerMerge.Of(layers, TestContext.Current.CancellationToken);
    }
}
