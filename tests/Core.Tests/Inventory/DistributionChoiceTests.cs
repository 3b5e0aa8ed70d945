using ImageScan.Core.Inventory;
using static ImageScan.Core.Tests.Inventory.MadeLayers;

namespace ImageScan.Core.Tests.Inventory;

public sealed class DistributionChoiceTests
{
    private static readonly FileInventory Etc = Names("etc/os-release", DistributionEvidence.OsRelease, "alpine", "3.20.3");
    private static readonly FileInventory UsrLib = Names("usr/lib/os-release", DistributionEvidence.VendorOsRelease, "debian", "11");
    private static readonly FileInventory DebianVersion = Names("etc/debian_version", DistributionEvidence.VersionFile, "debian", "10");
    private static readonly FileInventory AlpineRelease = Names("etc/alpine-release", DistributionEvidence.VersionFile, "alpine", "3.4.6");

    [Fact]
    public void PrefersEtcToUsrLibAndBothToABareVersion()
    {
        Assert.Equal("alpine 3.20.3", Chosen(Layer(DebianVersion, UsrLib, Etc)));
        Assert.Equal("debian 11", Chosen(Layer(DebianVersion, UsrLib)));
        Assert.Equal("debian 10", Chosen(Layer(DebianVersion)));
        Assert.Null(Chosen(Layer()));
    }

    [Fact]
    public void ReadsUsrLibBehindTheLinkInEtc() =>
        Assert.Equal("debian 11", Chosen(Layer(UsrLib, new SymbolicLink("etc/os-release", "../usr/lib/os-release") { Wanted = ["etc/os-release"] })));

    [Fact]
    public void TakesTheFinalFileSystem() =>
        Assert.Equal("alpine 3.21.0", Chosen(Layer(Etc), Layer(Names("etc/os-release", DistributionEvidence.OsRelease, "alpine", "3.21.0"))));

    [Theory]
    [InlineData("3.20", "alpine 3.20.3")]
    [InlineData("3.2", "alpine 3.2")]
    [InlineData("3.21", "alpine 3.21")]
    [InlineData("edge", "alpine edge")]
    public void LetsRepositoriesCorrectTheRelease(string release, string chosen) =>
        Assert.Equal(chosen, Chosen(Layer(Etc, Names("etc/apk/repositories", DistributionEvidence.Repositories, "alpine", release))));

    [Fact]
    public void DoesNotLetRepositoriesChangeTheSystem() =>
        Assert.Equal("debian 11", Chosen(Layer(UsrLib, Names("etc/apk/repositories", DistributionEvidence.Repositories, "alpine", "3.20"))));

    [Fact]
    public void TakesRepositoriesWhereNothingElseNamesASystem() =>
        Assert.Equal("alpine 3.20", Chosen(Layer(Names("etc/apk/repositories", DistributionEvidence.Repositories, "alpine", "3.20"))));

    [Fact]
    public void SaysThatBareVersionsDisagree()
    {
        ImageInventory image = LayerMerge.Of([Layer(DebianVersion, AlpineRelease)], TestContext.Current.CancellationToken);

        Assert.Null(image.Distribution);
        Assert.Contains("alpine 3.4.6, debian 10", Assert.Single(image.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SeesNoDisagreementInFilesThatNameOneReleaseInOtherWords()
    {
        FileInventory other = DebianVersion with
        {
            Path = "etc/other",
            Distribution = new DistributionClaim(new Distribution("debian", "10", "Debian", "buster"), DistributionEvidence.VersionFile),
        };

        Assert.Equal("debian 10", Chosen(Layer(DebianVersion, other)));
    }

    [Fact]
    public void PrefersTheFileWithTheSystemsOwnNameToTheOneItInherited()
    {
        FileInventory oracle = Names("etc/oracle-release", DistributionEvidence.NamedRelease, "ol", "6.10");
        FileInventory redHat = Names("etc/redhat-release", DistributionEvidence.VersionFile, "rhel", "6.10");
        FileInventory ubuntu = Names("etc/lsb-release", DistributionEvidence.LsbRelease, "ubuntu", "12.04");

        Assert.Equal("ol 6.10", Chosen(Layer(oracle, redHat)));
        Assert.Equal("ubuntu 12.04", Chosen(Layer(ubuntu, DebianVersion)));
    }

    private static string? Chosen(params LayerInventory[] layers) =>
        LayerMerge.Of(layers, TestContext.Current.CancellationToken).Distribution is { } distribution ? $"{distribution.Id} {distribution.VersionId}" : null;
}
