using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Writes lines of a pack.</summary>
internal sealed class FeedPackMember(Stream pack) : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly GZipStream _text = new(pack, CompressionLevel.Fastest, leaveOpen: true);

    public void Add(ReadOnlySpan<byte> line)
    {
        _text.Write(line);
        _text.Write(NewLine);
    }

    public void Dispose() => _text.Dispose();
}
