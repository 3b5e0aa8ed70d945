using ImageScan.Core.Detectors.Executables.Formats;

namespace ImageScan.Core.Detectors.Executables.Bundles;

/// <summary>Takes what .NET's <c>BinaryWriter</c> wrote, one thing after the other. Beyond the end everything is zero or empty.</summary>
internal ref struct BundleCursor(ReadOnlySpan<byte> bytes, int start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at = start;

    public readonly bool IsAtEnd => _at >= _bytes.Length;

    public uint TakeU32()
    {
        uint value = new ByteFields(_bytes, isBigEndian: false).U32(_at);
        Skip(sizeof(uint));
        return value;
    }

    public ulong TakeU64()
    {
        ulong value = new ByteFields(_bytes, isBigEndian: false).U64(_at);
        Skip(sizeof(ulong));
        return value;
    }

    public void Skip(int count) => _at = Math.Min(_bytes.Length, _at + count);

    /// <summary>The next text in UTF-8: its length first, seven bits a byte (https://learn.microsoft.com/dotnet/api/system.io.binarywriter.write).</summary>
    public ReadOnlySpan<byte> TakeText()
    {
        uint length = 0;
        for (int shift = 0; shift < 35 && !IsAtEnd; shift += 7)
        {
            byte next = _bytes[_at++];
            length |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        ReadOnlySpan<byte> text = _bytes.Slice(_at, (int)Math.Min(length, (uint)(_bytes.Length - _at)));
        _at += text.Length;
        return text;
    }
}
