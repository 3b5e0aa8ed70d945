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

    // An image needs some hundred; one that needs more pays for it in time, not in memory.
    private const int MaxRemembered = 1024;

    private readonly Dictionary<int, byte[]> _unpacked = [];

    /// <summary>How many blocks there are.</summary>
    public int Count => index.Length / IndexEntryLength;

    /// <summary>The records of a block. Throws <see cref="InvalidDataException"/> if they are not in ascending order and in their place.</summary>
    public IReadOnlyList<(ulong Key, ReadOnlyMemory<byte> Bytes)> RecordsOf(int block)
    {
        byte[] unpacked = UnpackAnew(block);
        var records = new List<(ulong, ReadOnlyMemory<byte>)>();
        var reader = new RecordReader(unpacked);
        ulong last = FirstOf(block);
        ulong end = block + 1 < Count ? FirstOf(block + 1) : ulong.MaxValue;
        while (!reader.IsAtEnd)
        {
            ulong key = reader.Number();
            int length = reader.Count();
            if (records.Count == 0 ? key != last : key <= last || key >= end)
            {
                throw new InvalidDataException("A record in it is out of its order.");
            }

            records.Add((key, unpacked.AsMemory(unpacked.Length - reader.Rest.Length, length)));
            reader.Take(length);
            last = key;
        }

        return records.Count > 0 ? records : throw new InvalidDataException("A block in it is empty.");
    }

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
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (FirstOf(middle) <= key)
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

        byte[] unpacked = UnpackAnew(block);
        if (_unpacked.Count == MaxRemembered)
        {
            _unpacked.Clear();
        }

        return _unpacked[block] = unpacked;
    }

    private ulong FirstOf(int block) => BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(block * IndexEntryLength));

    private byte[] UnpackAnew(int block)
    {
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

        return unpacked;
    }
}
