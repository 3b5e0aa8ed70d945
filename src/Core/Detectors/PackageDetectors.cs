using ImageScan.Core.Detectors.Apk;
using ImageScan.Core.Detectors.Bitnami;
using ImageScan.Core.Detectors.Chisel;
using ImageScan.Core.Detectors.Conda;
using ImageScan.Core.Detectors.DotNet;
using ImageScan.Core.Detectors.Dpkg;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Detectors.Java;
using ImageScan.Core.Detectors.Node;
using ImageScan.Core.Detectors.Npm;
using ImageScan.Core.Detectors.Opkg;
using ImageScan.Core.Detectors.OsRelease;
using ImageScan.Core.Detectors.Pacman;
using ImageScan.Core.Detectors.Php;
using ImageScan.Core.Detectors.Python;
using ImageScan.Core.Detectors.R;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Detectors.Ruby;
using ImageScan.Core.Detectors.Unread;
using ImageScan.Core.Detectors.WordPress;

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
        new RpmDetector(),
        new RpmWriteAheadLogDetector(),
        new ContentManifestDetector(),
        new PacmanDetector(),
        new ChiselDetector(),
        new OpkgDetector(),
        new NpmDetector(),
        new NodeHeaderDetector(),
        new PythonDetector(),
        new CondaDetector(),
        new JavaArchiveDetector(),
        new JavaRuntimeDetector(),
        new UnpackedPomDetector(),
        new DotNetDetector(),
        new ComposerDetector(),
        new GemDetector(),
        new WordPressDetector(),
        new BitnamiDetector(),
        new CranDetector(),
        new UnreadDatabaseDetector(),
        new ExecutableDetector(),
    ];

    /// <summary><c>dpkg:1;apk:1;…</c>, ordered by name: what a stored layer was read with.</summary>
    public static string VersionsOf(IEnumerable<IPackageDetector> detectors) =>
        string.Join(';', detectors.OrderBy(detector => detector.Name, StringComparer.Ordinal).Select(detector => $"{detector.Name}:{detector.Version}"));
}
