using System.Globalization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Node;

/// <summary>
/// Reads the version of Node.js itself from the header that is unpacked beside it, <c>include/node/node_version.h</c>
/// (https://github.com/nodejs/node/blob/main/src/node_version.h). The merge counts it once with the program, which says the same version.
/// </summary>
public sealed class NodeHeaderDetector : IPackageDetector
{
    private const string Header = "include/node/node_version.h";

    // Three lines of a hundred.
    private const int MaxLines = 1000;

    public string Name => "node";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    // node-gyp and electron-gyp keep headers of what they build for in a cache, without the program; so do packages of npm.
    public bool Wants(string path) =>
        path.EndsWith(Header, StringComparison.Ordinal)
        && (path.Length == Header.Length || path[^(Header.Length + 1)] == '/')
        && !path.Contains("-gyp/", StringComparison.Ordinal)
        && !path.Contains("node_modules/", StringComparison.Ordinal);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        int? major = null, minor = null, patch = null;
        using var lines = new TextLines(content);
        for (int i = 0; i < MaxLines && lines.TryRead(out ReadOnlySpan<byte> line); i++)
        {
            major ??= NumberIn(line, "#define NODE_MAJOR_VERSION "u8);
            minor ??= NumberIn(line, "#define NODE_MINOR_VERSION "u8);
            patch ??= NumberIn(line, "#define NODE_PATCH_VERSION "u8);
        }

        if (major is null || minor is null || patch is null)
        {
            findings.Warn("This header of Node.js does not say its version.");
            return;
        }

        findings.Add(new Package
        {
            Type = PackageType.Binary,
            Name = "node",
            Version = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}"),
            License = "MIT",
            Path = entry.Path,
        });
    }

    private static int? NumberIn(ReadOnlySpan<byte> line, ReadOnlySpan<byte> definition) =>
        line.StartsWith(definition)
        && int.TryParse(TextLines.TextOf(line[definition.Length..]), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
