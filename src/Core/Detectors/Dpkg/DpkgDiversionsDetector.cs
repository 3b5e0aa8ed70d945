using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// Reads where files of dpkg's packages were put instead of where their lists have them: three lines each, the place in the list, the real
/// one, and who asked for it (dpkg-divert(1), https://git.dpkg.org/cgit/dpkg/dpkg.git/tree/lib/dpkg/db-fsys-divert.c).
/// </summary>
public sealed class DpkgDiversionsDetector : IPackageDetector
{
    private const string Diversions = "var/lib/dpkg/diversions";

    public string Name => "dpkg-diversions";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path == Diversions;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        while (lines.TryRead(out _) && lines.TryRead(out ReadOnlySpan<byte> line))
        {
            string diverted = Encoding.UTF8.GetString(line.TrimStart((byte)'/'));
            if (diverted.Length > 0)
            {
                // Whose file it is only the lists know; that it is the system's is enough.
                findings.Own(diverted, "");
            }

            lines.TryRead(out _);
        }
    }
}
