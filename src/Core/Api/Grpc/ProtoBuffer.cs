using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// Bytes of protobuf as they are written (https://protobuf.dev/programming-guides/encoding/). The length of a message stands before it and is known after
/// it, so one byte is left for it, and what follows moves if it needs more: no message is held but as its bytes.
/// </summary>
internal sealed class ProtoBuffer
{
    private const int FirstBytes = 4096;

    private byte[] _bytes = new byte[FirstBytes];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Varint(ulong value)
    {
        Span<byte> space = Space(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            space[length++] = (byte)(value | 0x80);
        }

        space[length++] = (byte)value;
        Length += length;
    }

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(Space(sizeof(float)), value);
        Length += sizeof(float);
    }

    /// <summary>Bytes with their length before them.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Space(value.Length));
        Length += value.Length;
    }

    /// <summary>A text as UTF-8 with its length before it; half a surrogate pair becomes U+FFFD.</summary>
    public void Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Length += Encoding.UTF8.GetBytes(value, Space(length));
    }

    /// <summary>Begins a message, or anything else that has its length before it.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        Space(1)[0] = 0;
        Length++;
        return Length;
    }

    /// <summary>Ends what was begun: writes its length.</summary>
    public void End(int begin)
    {
        int content = Length - begin;
        int lengthBytes = Math.Max(1, (BitOperations.Log2((uint)content | 1) / 7) + 1);
        if (lengthBytes > 1)
        {
            Space(lengthBytes - 1);
            _bytes.AsSpan(begin, content).CopyTo(_bytes.AsSpan(begin + lengthBytes - 1));
        }

        Length = begin - 1;
        Varint((ulong)content);
        Length += content;
    }

    /// <summary>Leaves room for the length of a frame, which is written by <see cref="EndFrame"/>.</summary>
    public int BeginFrame(byte flags)
    {
        Span<byte> header = Space(5);
        header.Clear();
        header[0] = flags;
        Length += 5;
        return Length;
    }

    public void EndFrame(int begin) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(begin - sizeof(uint)), (uint)(Length - begin));

    private Span<byte> Space(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_bytes.Length * 2, (long)Length + length)));
        }

        return _bytes.AsSpan(Length);
    }
}
