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
    public void NamesEveryDetectorWithItsVersionInOneOrder()
    {
        string[] versions = PackageDetectors.VersionsOf(PackageDetectors.All).Split(';');

        Assert.Equal(PackageDetectors.All.Select(detector => $"{detector.Name}:{detector.Version}").Order(StringComparer.Ordinal), versions.Order(StringComparer.Ordinal));
        Assert.Equal(PackageDetectors.VersionsOf(PackageDetectors.All), PackageDetectors.VersionsOf(PackageDetectors.All.Reverse()));
    }

    [Fact]
    public void WantsItsFixedPathsItself() =>
        Assert.All(
            PackageDetectors.All.SelectMany(detector => detector.FixedPaths.Select(path => (detector, path))),
            item => Assert.True(item.detector.Wants(item.path.EndsWith('/') ? item.path + "x" : item.path)));
}
