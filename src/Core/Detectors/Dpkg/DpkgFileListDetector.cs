using System.Buffers;
using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// Reads which files dpkg's packages own: <c>info/NAME.list</c>, or <c>status.d/NAME.md5sums</c> in distroless images; and what those files had
/// when they were packaged: <c>NAME.md5sums</c> (deb-md5sums(5)).
/// </summary>
public sealed class DpkgFileListDetector : IPackageDetector
{
    private const string Folder = "var/lib/dpkg/info/";
    private const string DistrolessFolder = "var/lib/dpkg/status.d/";

    // Hex of an MD5, then two spaces, then the path.
    private const int SumLength = 32;

    private static readonly SearchValues<byte> OfSums = SearchValues.Create("0123456789abcdef"u8);

    public string Name => "dpkg-files";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal)
            ? path.EndsWith(".list", StringComparison.Ordinal) || IsSums(path)
            : path.StartsWith(DistrolessFolder, StringComparison.Ordinal) && IsSums(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        bool isSums = IsSums(entry.Path);
        bool isList = !isSums || entry.Path.StartsWith(DistrolessFolder, StringComparison.Ordinal);

        // "libc6:amd64.list": the architecture is named where several of one package can be installed beside each other.
        string owner = Path.GetFileNameWithoutExtension(entry.Path).Split(':')[0];
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> sum = isSums ? line[..Math.Min(SumLength, line.Length)] : [];
            ReadOnlySpan<byte> name = isSums ? line[sum.Length..].TrimStart((byte)' ') : line;
            string path = Encoding.UTF8.GetString(name.StartsWith("./"u8) ? name[2..] : name.TrimStart((byte)'/'));
            if (path.Length == 0)
            {
                continue;
            }

            if (isList)
            {
                findings.Own(path, owner);
            }

            if (sum.Length == SumLength && !sum.ContainsAnyExcept(OfSums))
            {
                findings.State(path, owner, Encoding.ASCII.GetString(sum));
            }
        }
    }

    private static bool IsSums(string path) => path.EndsWith(".md5sums", StringComparison.Ordinal);
}
