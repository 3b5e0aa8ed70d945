using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Records by ascending number, in compressed blocks: an index entry a block says the first number in it, its offset, its length, and its
/// length unpacked. For any number of threads, which share the blocks that one of them has unpacked: what one image needs, most others need too.
/// </summary>
internal sealed class KeyedBlocks(byte[] index, SnapshotSection blocks)
{
    public const int IndexEntryLength = 24;

    // All blocks of 80,000 advisories; who has more pays for it in time, not in memory.
    private const int MaxRememberedBytes = 16 * 1024 * 1024;

    private readonly Block?[] _remembered = new Block?[index.Length / IndexEntryLength];
    private long _rememberedBytes;

    /// <summary>How many blocks there are.</summary>
    public int Count => index.Length / IndexEntryLength;

    /// <summary>The records of a block. Throws <see cref="InvalidDataException"/> if they are not in ascending order and in their place.</summary>
    public IEnumerable<(ulong Key, ReadOnlyMemory<byte> Bytes)> RecordsOf(int block)
    {
        Block read = ReadAnew(block);
        return read.Keys.Zip(read.Places, (key, place) => (key, (ReadOnlyMemory<byte>)read.Bytes.AsMemory(place)));
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

        Block read = Read(block);
        int place = Array.BinarySearch(read.Keys, key);
        if (place < 0)
        {
            return false;
        }

        record = read.Bytes.AsSpan(read.Places[place]);
        return true;
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

    private Block Read(int block)
    {
        if (Volatile.Read(ref _remembered[block]) is { } known)
        {
            return known;
        }

        Block read = ReadAnew(block);
        // All are forgotten at once: what is in use is soon there again, and nobody has to keep an order.
        if (Interlocked.Add(ref _rememberedBytes, read.Size) > MaxRememberedBytes)
        {
            Array.Clear(_remembered);
            Interlocked.Exchange(ref _rememberedBytes, read.Size);
        }

        Volatile.Write(ref _remembered[block], read);
        return read;
    }

    private Block ReadAnew(int block)
    {
        byte[] unpacked = Unpack(block);
        var keys = new List<ulong>();
        var places = new List<Range>();
        var reader = new RecordReader(unpacked);
        ulong last = FirstOf(block);
        ulong end = block + 1 < Count ? FirstOf(block + 1) : ulong.MaxValue;
        while (!reader.IsAtEnd)
        {
            ulong key = reader.Number();
            int length = reader.Count();
            if (keys.Count == 0 ? key != last : key <= last || key >= end)
            {
                throw new InvalidDataException("A record in it is out of its order.");
            }

            int start = unpacked.Length - reader.Rest.Length;
            keys.Add(key);
            places.Add(start..(start + length));
            reader.Take(length);
            last = key;
        }

        return keys.Count > 0 ? new Block(unpacked, [.. keys], [.. places]) : throw new InvalidDataException("A block in it is empty.");
    }

    private ulong FirstOf(int block) => BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(block * IndexEntryLength));

    private byte[] Unpack(int block)
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

    /// <param name="Bytes">Unpacked.</param>
    /// <param name="Keys">Ascending.</param>
    /// <param name="Places">Of the record of each key its bytes.</param>
    private sealed record Block(byte[] Bytes, ulong[] Keys, Range[] Places)
    {
        private const int BytesAKey = sizeof(ulong) + (2 * sizeof(int));

        public long Size => Bytes.Length + ((long)Keys.Length * BytesAKey);
    }
}
