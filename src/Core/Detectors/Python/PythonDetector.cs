using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Python;

/// <summary>
/// Reads installed Python distributions: <c>METADATA</c> of a <c>.dist-info</c> folder, <c>PKG-INFO</c> of an <c>.egg-info</c> folder or of
/// an egg, packed or not, and <c>.egg-info</c> files (https://packaging.python.org/en/latest/specifications/core-metadata/,
/// https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html).
/// </summary>
public sealed class PythonDetector : IPackageDetector
{
    public string Name => "python";

    public int Version => 3;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => IsMetadata(path) && !IsLeftOver(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (!IsEgg(entry.Path))
        {
            ReadMetadata(entry.Path, content, findings);
            return;
        }

        using Stream? metadata = EggArchive.Metadata(content, out string? failure);
        if (metadata is not null)
        {
            ReadMetadata(entry.Path, metadata, findings);
        }
        else if (failure is not null)
        {
            findings.Warn(failure);
        }
    }

    private static bool IsEgg(string path) => path.EndsWith(".egg", StringComparison.Ordinal);

    private static void ReadMetadata(string path, Stream content, FileFindings findings)
    {
        var metadata = new CoreMetadata();
        using var lines = new TextLines(content);

        // Headers as in mail; after the first empty line comes the description.
        while (lines.TryRead(out ReadOnlySpan<byte> line) && !line.IsEmpty)
        {
            metadata.Take(line);
        }

        if (string.IsNullOrEmpty(metadata.Name) || string.IsNullOrEmpty(metadata.Version))
        {
            findings.Warn("This metadata of a Python distribution lacks its name or version.");
            return;
        }

        findings.Add(new Package
        {
            Type = PackageType.Python,
            Name = PythonName.Normalize(metadata.Name),
            Version = metadata.Version,
            License = metadata.ChosenLicense,
            Path = path,
        });
    }

    private static bool IsMetadata(string path) =>
        path.EndsWith(".dist-info/METADATA", StringComparison.Ordinal)
        || path.EndsWith(".egg-info/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith("/EGG-INFO/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith(".egg-info", StringComparison.Ordinal)
        || IsEgg(path);

    // pip renames what it removes (requests to ~equests) and ignores what an interrupted run leaves so
    // (https://github.com/pypa/pip/blob/main/src/pip/_internal/utils/temp_dir.py).
    private static bool IsLeftOver(string path) => path.Contains("/~", StringComparison.Ordinal) || path.StartsWith('~');
}
