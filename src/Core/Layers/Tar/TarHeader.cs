using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageScan.Core.Layers.Tar;

/// <summary>One header block, read in place. Offsets: https://www.gnu.org/software/tar/manual/html_node/Standard.html.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;

    private readonly ReadOnlySpan<byte> _block = block;

    public byte TypeFlag => _block[156];

    public ReadOnlySpan<byte> Name => Text(_block[..100]);

    public ReadOnlySpan<byte> Link => Text(_block.Slice(157, 100));

    public ReadOnlySpan<byte> ModeField => _block.Slice(100, 8);

    public ReadOnlySpan<byte> SizeField => _block.Slice(124, 12);

    /// <summary>The four pieces of an old GNU sparse file, 24 bytes each.</summary>
    public ReadOnlySpan<byte> SparsePieces => _block.Slice(386, 4 * 24);

    public bool HasMoreSparsePieces => _block[482] != 0;

    public ReadOnlySpan<byte> SparseSizeField => _block.Slice(483, 12);

    /// <summary>What goes before the name, without the slash between; empty for most.</summary>
    public ReadOnlySpan<byte> Prefix
    {
        get
        {
            if (_block.Slice(257, 8).SequenceEqual("ustar\u000000"u8))
            {
                // star keeps times in the last 24 bytes of the prefix and marks that at the block's end.
                return Text(_block.Slice(345, _block.Slice(508, 4).SequenceEqual("tar\0"u8) ? 131 : 155));
            }

            // GNU keeps times there; but what Go before 1.8 wrote, and with it Docker to 1.13, has this magic and a prefix
            // (https://github.com/golang/go/issues/12594).
            ReadOnlySpan<byte> prefix = Text(_block.Slice(345, 155));
            return IsGnu && !HasGnuTimes && Ascii.IsValid(prefix) ? prefix : [];
        }
    }

    /// <summary>
    /// Whether the sum of the header's bytes is the one written in it, its own field taken as spaces. Some old tars summed signed bytes.
    /// </summary>
    public bool HasValidChecksum
    {
        get
        {
            if (!TarNumber.TryRead(_block.Slice(ChecksumOffset, ChecksumLength), out long written))
            {
                return false;
            }

            (int unsigned, int negatives) = Checksum(_block);
            return written == unsigned || written == unsigned - (negatives << 8);
        }
    }

    /// <summary>The sum of the bytes of a header block, its own field taken as spaces, and how many of the others are over 127.</summary>
    public static (int Sum, int Negatives) Checksum(ReadOnlySpan<byte> block)
    {
        (int sum, int negatives) = SumOf(block);
        (int own, int ownNegatives) = SumOf(block.Slice(ChecksumOffset, ChecksumLength));
        return (sum - own + (ChecksumLength * ' '), negatives - ownNegatives);
    }

    private bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private bool HasGnuTimes => TarNumber.TryRead(_block.Slice(345, 12), out _) && TarNumber.TryRead(_block.Slice(357, 12), out _);

    // Eight bytes at a time, in lanes of 16 bits that 512 bytes cannot overflow: done for every entry of every layer.
    private static (int Bytes, int Negatives) SumOf(ReadOnlySpan<byte> bytes)
    {
        const ulong EvenBytes = 0x00FF_00FF_00FF_00FF;
        ulong lanes = 0;
        int negatives = 0;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            lanes += (eight & EvenBytes) + ((eight >> 8) & EvenBytes);
            negatives += BitOperations.PopCount(eight & 0x8080_8080_8080_8080);
        }

        int sum = (int)((lanes & 0xFFFF) + ((lanes >> 16) & 0xFFFF) + ((lanes >> 32) & 0xFFFF) + (lanes >> 48));
        return (sum, negatives);
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
