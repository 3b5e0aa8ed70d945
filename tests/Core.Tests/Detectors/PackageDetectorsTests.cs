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
            "apk:1;apk-repositories:3;conda:1;dpkg:1;dpkg-copyright:1;dpkg-diversions:1;dpkg-files:1;lsb-release:1;node:1;npm:3;os-release:2;python:2;"
            + "release-file:1;unread:1;version-file:2",
            PackageDetectors.VersionsOf(PackageDetectors.All));

    [Fact]
    public void WantsItsFixedPathsItself() =>
        Assert.All(
            PackageDetectors.All.SelectMany(detector => detector.FixedPaths.Select(path => (detector, path))),
            item => Assert.True(item.detector.Wants(item.path.EndsWith('/') ? item.path + "x" : item.path)));
}
