using System.Collections;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>The pages of a database. Each is handed out once: so no tree and no chain of pages has a circle, or is walked twice.</summary>
/// <param name="file">The whole database.</param>
/// <param name="pageBytes">The size of a page.</param>
/// <param name="first">The number of the first page.</param>
internal sealed class DatabasePages(ReadOnlyMemory<byte> file, int pageBytes, uint first)
{
    private readonly BitArray _taken = new(file.Length / pageBytes);

    public int Bytes => pageBytes;

    public int Count => _taken.Count;

    /// <summary>The page of this number; false if the file has none, or if it was taken before.</summary>
    public bool TryTake(uint number, out ReadOnlyMemory<byte> page)
    {
        page = default;
        if (number < first || number - first >= (uint)_taken.Count || _taken[(int)(number - first)])
        {
            return false;
        }

        int index = (int)(number - first);
        _taken[index] = true;
        page = file.Slice(index * pageBytes, pageBytes);
        return true;
    }
}
