using System.Buffers.Binary;

namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>Numbers at places in bytes, in the byte order of their file. What lies beyond the end is zero, so no place is wrong.</summary>
internal readonly ref struct ByteFields(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public ushort U16(long at) => At(at, sizeof(ushort)) is not { Length: > 0 } field ? (ushort)0
        : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(field) : BinaryPrimitives.ReadUInt16LittleEndian(field);

    public uint U32(long at) => At(at, sizeof(uint)) is not { Length: > 0 } field ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);

    public ulong U64(long at) => At(at, sizeof(ulong)) is not { Length: > 0 } field ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(field) : BinaryPrimitives.ReadUInt64LittleEndian(field);

    /// <summary>An address or size: eight bytes, or four in a file of 32 bits.</summary>
    public ulong Word(long at, bool is64Bit) => is64Bit ? U64(at) : U32(at);

    private ReadOnlySpan<byte> At(long at, int length) =>
        at >= 0 && at <= _bytes.Length - length ? _bytes.Slice((int)at, length) : default;
}
