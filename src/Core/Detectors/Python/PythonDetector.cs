using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Python;

/// <summary>
/// Reads installed Python distributions: <c>METADATA</c> of a <c>.dist-info</c> folder, <c>PKG-INFO</c> of an <c>.egg-info</c> folder or of
/// an unpacked egg, and <c>.egg-info</c> files (https://packaging.python.org/en/latest/specifications/core-metadata/).
/// </summary>
public sealed class PythonDetector : IPackageDetector
{
    private const string LicenseClassifier = "License :: ";

    // Some distributions put the whole text of their licence into the field.
    private const int MaxLicenseLength = 128;
    private const int MaxClassifiers = 16;

    public string Name => "python";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) =>
        path.EndsWith(".dist-info/METADATA", StringComparison.Ordinal)
        || path.EndsWith(".egg-info/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith("/EGG-INFO/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith(".egg-info", StringComparison.Ordinal);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var metadata = new Metadata();
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
            Path = entry.Path,
        });
    }

    private sealed class Metadata
    {
        private readonly List<string> _classifiers = [];
        private string? _license;
        private string? _licenseExpression;

        public string? Name { get; private set; }

        public string? Version { get; private set; }

        // The expression is exact where it exists (PEP 639); the free text is next, unless it is a placeholder or the licence's whole text.
        public string? ChosenLicense =>
            !string.IsNullOrEmpty(_licenseExpression) ? _licenseExpression
            : _license is { Length: > 0 and <= MaxLicenseLength } and not "UNKNOWN" ? _license
            : _classifiers.Count > 0 ? string.Join(", ", _classifiers.Distinct())
            : null;

        public void Take(ReadOnlySpan<byte> line)
        {
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
            {
                return;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..];
            switch (Encoding.UTF8.GetString(line[..colon]).ToLowerInvariant())
            {
                // A header that stands twice counts once, as the packaging library reads it.
                case "name": Name ??= TextLines.TextOf(value); break;
                case "version": Version ??= TextLines.TextOf(value); break;
                case "license": _license ??= TextLines.TextOf(value); break;
                case "license-expression": _licenseExpression ??= TextLines.TextOf(value); break;
                case "classifier": TakeClassifier(TextLines.TextOf(value)); break;
            }
        }

        // "License :: OSI Approved :: MIT License"; "License :: OSI Approved" alone says nothing.
        private void TakeClassifier(string classifier)
        {
            if (_classifiers.Count < MaxClassifiers
                && classifier.StartsWith(LicenseClassifier, StringComparison.Ordinal)
                && classifier[(classifier.LastIndexOf(':') + 1)..].Trim() is not ("OSI Approved" or "") and var license)
            {
                _classifiers.Add(license);
            }
        }
    }
}
