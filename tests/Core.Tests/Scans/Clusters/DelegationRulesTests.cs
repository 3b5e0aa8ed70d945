using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;

namespace ImageScan.Core.Tests.Scans.Clusters;

public sealed class DelegationRulesTests
{
    private static readonly Cluster Edge = ClusterOf("11", "edge");
    private static readonly Cluster Plant = ClusterOf("22", "plant");

    [Fact]
    public void FindsAClusterByItsId() => Assert.Same(Plant, DelegationRules.Find([Edge, Plant], "22"));

    [Fact]
    public void FindsAClusterByItsExactName()
    {
        Assert.Same(Edge, DelegationRules.Find([Edge, Plant], "edge"));
        Assert.Null(DelegationRules.Find([Edge, Plant], "Edge"));
        Assert.Null(DelegationRules.Find([Edge, Plant], "edg"));
        Assert.Null(DelegationRules.Find([], "edge"));
    }

    [Fact]
    public void TakesAnIdBeforeAName()
    {
        Cluster named = ClusterOf("33", "22");

        Assert.Same(Plant, DelegationRules.Find([named, Plant], "22"));
    }

    [Fact]
    public void DelegatesNothingUnlessSomethingIsSaid() => Assert.Null(ClusterIdOf("quay.io/a/b:1", new DelegationConfig()));

    [Fact]
    public void DelegatesNothingForNone() =>
        Assert.Null(ClusterIdOf("quay.io/a/b:1", Config(DelegatedImages.None, "d", ("quay.io", "q"))));

    [Theory]
    [InlineData("quay.io/a/b:1", "q")]
    [InlineData("ghcr.io/a/b:1", "d")]
    public void DelegatesAllToTheListedClusterOrTheDefaultOne(string image, string cluster) =>
        Assert.Equal(cluster, ClusterIdOf(image, Config(DelegatedImages.All, "d", ("quay.io", "q"))));

    [Theory]
    [InlineData("quay.io/a/b:1", "q")]
    [InlineData("ghcr.io/a/b:1", null)]
    public void DelegatesOnlyWhatIsListedForSpecific(string image, string? cluster) =>
        Assert.Equal(cluster, ClusterIdOf(image, Config(DelegatedImages.Specific, "d", ("quay.io", "q"))));

    [Fact]
    public void TakesTheDefaultClusterForAPathWithoutOne() =>
        Assert.Equal("d", ClusterIdOf("quay.io/a/b:1", Config(DelegatedImages.Specific, "d", ("quay.io/a", ""), ("quay.io", "q"))));

    [Fact]
    public void SaysThatNoClusterIsNamedForWhatIsToBeDelegated()
    {
        Assert.Equal("", ClusterIdOf("quay.io/a/b:1", Config(DelegatedImages.All, "")));
        Assert.Equal("", ClusterIdOf("quay.io/a/b:1", Config(DelegatedImages.Specific, "", ("quay.io", ""))));
    }

    [Fact]
    public void TakesTheFirstPathAndNotTheLongest() =>
        Assert.Equal("short", ClusterIdOf("quay.io/a/b:1", Config(DelegatedImages.All, "d", ("quay.io", "short"), ("quay.io/a/b", "long"))));

    [Theory]
    [InlineData("quay.io/pro", "p")]
    [InlineData("https://quay.io/prod", "p")]
    [InlineData("http://quay.io/prod", "p")]
    [InlineData("quay.io/prod/b:1", "p")]
    [InlineData("QUAY.io/prod", null)]
    [InlineData("io/prod", null)]
    [InlineData("quay.io/prod/b:12", null)]
    public void ComparesPathsAsTheBeginningOfTheFullName(string path, string? cluster) =>
        Assert.Equal(cluster, ClusterIdOf("quay.io/prod/b:1", Config(DelegatedImages.Specific, "", (path, "p"))));

    [Theory]
    [InlineData("nginx", "docker.io/library")]
    [InlineData("index.docker.io/a/b", "docker.io/a/b:latest")]
    public void ComparesTheNormalizedName(string image, string path) =>
        Assert.Equal("p", ClusterIdOf(image, Config(DelegatedImages.Specific, "", (path, "p"))));

    private static string? ClusterIdOf(string image, DelegationConfig config)
    {
        Assert.True(ImageReference.TryParse(image, out ImageReference? reference, out _));
        return DelegationRules.ClusterIdOf(config, reference);
    }

    private static DelegationConfig Config(DelegatedImages enabledFor, string defaultClusterId, params (string Path, string ClusterId)[] registries) => new()
    {
        EnabledFor = enabledFor,
        DefaultClusterId = defaultClusterId,
        Registries = [.. registries.Select(registry => new DelegatedRegistry(registry.Path, registry.ClusterId))],
    };

    private static Cluster ClusterOf(string id, string name) => new(id, name, DateTimeOffset.UnixEpoch, TimeSpan.Zero, "0.1.0", 1);
}
