using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// Reads the licences of Debian packages, which their database does not state, from <c>usr/share/doc/PACKAGE/copyright</c>
/// (https://www.debian.org/doc/debian-policy/ch-docs.html#copyright-information). Where the documentation of a package is a link to that of
/// another one, none is found.
/// </summary>
public sealed class DpkgCopyrightDetector : IPackageDetector
{
    private const string Documents = "usr/share/doc/";
    private const string Copyright = "/copyright";

    // Those of Boost have two.
    private const int MaxBytes = 4 << 20;

    public string Name => "dpkg-copyright";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    /// <summary>A licence more or less is not worth the budget of the layer, nor a warning. A hard link speaks of the package that it links to.</summary>
    public bool Skims => true;

    public bool Wants(string path) =>
        path.EndsWith(Copyright, StringComparison.Ordinal)
        && path.StartsWith(Documents, StringComparison.Ordinal)
        && path.Length > Documents.Length + Copyright.Length
        && path.IndexOf('/', Documents.Length) == path.Length - Copyright.Length;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            return;
        }

        var copyright = new DebianCopyright();
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            copyright.Take(line);
        }

        if (copyright.License() is { } license)
        {
            findings.License(entry.Path[Documents.Length..^Copyright.Length], license);
        }
    }
}
