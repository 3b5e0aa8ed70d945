using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Writes what <see cref="KeyedBlocks"/> reads. Records come in ascending order of their numbers.</summary>
internal sealed class KeyedBlocksWriter(Stream blocks)
{
    // Of 11; a window as large as a block.
    private const int BrotliQuality = 9;
    private const int BrotliWindow = 16;

    private readonly RecordWriter _index = new();
    private readonly RecordWriter _block = new();
    private ulong _first;
    private ulong _offset;

    public ReadOnlySpan<byte> Index => _index.Written;

    public void Add(ulong key, ReadOnlySpan<byte> record)
    {
        if (_block.Length > 0 && _block.Length + record.Length > SnapshotFormat.BlockBytes)
        {
            Flush();
        }

        if (_block.Length == 0)
        {
            _first = key;
        }

        _block.Number(key);
        _block.Number(record.Length);
        _block.Bytes(record);
    }

    public void Flush()
    {
        if (_block.Length == 0)
        {
            return;
        }

        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(_block.Length)];
        if (!BrotliEncoder.TryCompress(_block.Written, packed, out int length, BrotliQuality, BrotliWindow))
        {
            throw new InvalidOperationException($"A block of {_block.Length} bytes did not compress into {packed.Length}.");
        }

        blocks.Write(packed, 0, length);
        Span<byte> entry = stackalloc byte[KeyedBlocks.IndexEntryLength];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, _first);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], _offset);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], (uint)_block.Length);
        _index.Bytes(entry);
        _offset += (ulong)length;
        _block.Clear();
    }
}
