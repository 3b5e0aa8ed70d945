using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Writes lines of a pack.</summary>
internal sealed class FeedPackMember(Stream pack) : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly GZipStream _text = new(pack, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>Adds those lines that are wanted, and says how many they are.</summary>
    public async Task<int> AddAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> lines, Predicate<ReadOnlyMemory<byte>> isWanted)
    {
        int added = 0;
        await foreach (ReadOnlyMemory<byte> line in lines)
        {
            if (isWanted(line))
            {
                _text.Write(line.Span);
                _text.Write(NewLine);
                added++;
            }
        }

        return added;
    }

    public void Dispose() => _text.Dispose();
}
