using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Unread;

/// <summary>
/// Knows the package databases that no detector reads yet, and says so: an image with one of them must not look as if it had no packages.
/// </summary>
public sealed class UnreadDatabaseDetector : IPackageDetector
{
    private static readonly Dictionary<string, string> Databases = new(StringComparer.Ordinal)
    {
        // Ubuntu's chiselled images have no dpkg status (https://documentation.ubuntu.com/chisel/).
        ["var/lib/chisel/manifest.wall"] = "Chisel",
        ["var/lib/pacman/local/ALPM_DB_VERSION"] = "pacman",
    };

    public string Name => "unread";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths { get; } = [.. Databases.Keys];

    public bool Wants(string path) => Databases.ContainsKey(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings) =>
        findings.Warn($"This {Databases[entry.Path]} database is not read yet: packages of the operating system are missing.");
}
