using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Records by ascending number, in compressed blocks: an index entry a block says the first number in it, its offset, its length, and its
/// length unpacked. For one thread: it remembers the blocks it has unpacked.
/// </summary>
internal sealed class KeyedBlocks(byte[] index, SnapshotSection blocks)
{
    public const int IndexEntryLength = 24;

    // An image needs a few dozen; one that needs more pays for it in time, not in memory.
    private const int MaxRemembered = 256;

    private readonly Dictionary<int, byte[]> _unpacked = [];

    /// <summary>The record with that number; empty, and false, if there is none.</summary>
    public bool TryFind(ulong key, out ReadOnlySpan<byte> record)
    {
        record = default;
        int block = BlockOf(key);
        if (block < 0)
        {
            return false;
        }

        var reader = new RecordReader(Unpack(block));
        while (!reader.IsAtEnd)
        {
            ulong next = reader.Number();
            var bytes = reader.Take(reader.Count());
            if (next == key)
            {
                record = bytes;
                return true;
            }
        }

        return false;
    }

    // The last block that begins at or before the key; -1 if there is none.
    private int BlockOf(ulong key)
    {
        int low = 0;
        int high = index.Length / IndexEntryLength;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(middle * IndexEntryLength)) <= key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private byte[] Unpack(int block)
    {
        if (_unpacked.TryGetValue(block, out byte[]? known))
        {
            return known;
        }

        var entry = index.AsSpan(block * IndexEntryLength, IndexEntryLength);
        byte[] packed = blocks.Read(BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        if (length > SnapshotFormat.MaxBlockBytes)
        {
            throw new InvalidDataException("A block in it is too large.");
        }

        byte[] unpacked = new byte[length];
        if (!BrotliDecoder.TryDecompress(packed, unpacked, out int written) || written != unpacked.Length)
        {
            throw new InvalidDataException("A block in it cannot be unpacked.");
        }

        if (_unpacked.Count == MaxRemembered)
        {
            _unpacked.Clear();
        }

        return _unpacked[block] = unpacked;
    }
}
