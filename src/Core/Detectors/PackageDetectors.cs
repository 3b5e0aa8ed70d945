using ImageScan.Core.Detectors.Apk;
using ImageScan.Core.Detectors.Conda;
using ImageScan.Core.Detectors.Dpkg;
using ImageScan.Core.Detectors.Node;
using ImageScan.Core.Detectors.Npm;
using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Detectors.Python;
using ImageScan.Core.Detectors.Unread;

namespace ImageScan.Core.Detectors;

/// <summary>The detectors there are. A new one is a line here.</summary>
public static class PackageDetectors
{
    public static IReadOnlyList<IPackageDetector> All { get; } =
    [
        new OsReleaseDetector(),
        new LsbReleaseDetector(),
        new ReleaseFileDetector(),
        new VersionFileDetector(),
        new DpkgDetector(),
        new DpkgFileListDetector(),
        new DpkgDiversionsDetector(),
        new DpkgCopyrightDetector(),
        new ApkDetector(),
        new ApkRepositoriesDetector(),
        new NpmDetector(),
        new NodeHeaderDetector(),
        new PythonDetector(),
        new CondaDetector(),
        new UnreadDatabaseDetector(),
    ];

    /// <summary><c>dpkg:1;apk:1;…</c>, ordered by name: what a stored layer was read with.</summary>
    public static string VersionsOf(IEnumerable<IPackageDetector> detectors) =>
        string.Join(';', detectors.OrderBy(detector => detector.Name, StringComparer.Ordinal).Select(detector => $"{detector.Name}:{detector.Version}"));
}
