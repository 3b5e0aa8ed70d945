using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// Reads which files dpkg's packages own: <c>info/NAME.list</c>, or <c>status.d/NAME.md5sums</c> in distroless images.
/// </summary>
public sealed class DpkgFileListDetector : IPackageDetector
{
    private const string Lists = "var/lib/dpkg/info/";
    private const string Sums = "var/lib/dpkg/status.d/";

    // Hex of an MD5, then two spaces, then the path.
    private const int SumLength = 32;

    public string Name => "dpkg-files";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => IsList(path) || IsSums(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        bool sums = IsSums(entry.Path);

        // "libc6:amd64.list": the architecture is named where several of one package can be installed beside each other.
        string owner = Path.GetFileNameWithoutExtension(entry.Path).Split(':')[0];
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> path = sums ? line[Math.Min(SumLength, line.Length)..].TrimStart((byte)' ') : line;
            path = path.StartsWith("./"u8) ? path[2..] : path.TrimStart((byte)'/');
            if (!path.IsEmpty)
            {
                findings.Own(Encoding.UTF8.GetString(path), owner);
            }
        }
    }

    private static bool IsList(string path) => path.StartsWith(Lists, StringComparison.Ordinal) && path.EndsWith(".list", StringComparison.Ordinal);

    private static bool IsSums(string path) => path.StartsWith(Sums, StringComparison.Ordinal) && path.EndsWith(".md5sums", StringComparison.Ordinal);
}
