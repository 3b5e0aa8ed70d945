using ImageScan.Core.Detectors;

namespace ImageScan.Core.Tests.Detectors;

public sealed class PackageDetectorsTests
{
    [Fact]
    public void ListsEveryDetectorOfTheAssembly()
    {
        IEnumerable<Type> written = typeof(IPackageDetector).Assembly.GetTypes()
            .Where(type => type is { IsInterface: false, IsAbstract: false } && typeof(IPackageDetector).IsAssignableFrom(type));

        Assert.Equal(
            written.OrderBy(type => type.Name, StringComparer.Ordinal),
            PackageDetectors.All.Select(detector => detector.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void GivesEachDetectorAnotherName() =>
        Assert.Equal(PackageDetectors.All.Count, PackageDetectors.All.Select(detector => detector.Name).Distinct().Count());

    [Fact]
    public void NamesEveryDetectorWithItsVersion() =>
        Assert.Equal(
            "apk:1;apk-repositories:2;bitnami:1;chisel:1;composer:1;cran:1;dotnet:1;dpkg:1;dpkg-files:1;gem:1;npm:2;opkg:1;os-release:1;"
            + "pacman:1;python:1;unread:2;version-file:1;wordpress:1",
            PackageDetectors.VersionsOf(PackageDetectors.All));

    [Fact]
    public void WantsItsFixedPathsItself() =>
        Assert.All(
            PackageDetectors.All.SelectMany(detector => detector.FixedPaths.Select(path => (detector, path))),
            item => Assert.True(item.detector.Wants(item.path.EndsWith('/') ? item.path + "x" : item.path)));
}
