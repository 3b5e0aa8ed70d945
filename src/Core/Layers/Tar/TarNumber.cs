using System.Globalization;

namespace ImageScan.Core.Layers.Tar;

/// <summary>Numbers as tar headers and pax records write them.</summary>
internal static class TarNumber
{
    private const byte Base256Flag = 0x80;
    private const byte Base256Sign = 0x40;

    /// <summary>
    /// Reads a field: octal digits after any spaces and NULs, up to the next space or NUL, or GNU's base 256, big-endian two's complement
    /// (https://www.gnu.org/software/tar/manual/html_node/Extensions.html). An empty field is 0. False if it is neither or over 63 bits.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & Base256Flag) != 0 ? TryReadBase256(field, out value) : TryReadOctal(field, out value);

    /// <summary>Reads a decimal number of a pax record: digits only. False if it is none or over 63 bits.</summary>
    public static bool TryReadDecimal(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.TrimStart(" \0"u8);
        int length = field.IndexOfAny((byte)' ', (byte)0);
        foreach (byte digit in length < 0 ? field : field[..length])
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private static bool TryReadBase256(ReadOnlySpan<byte> field, out long value)
    {
        value = (field[0] & Base256Sign) != 0 ? -1 : 0;
        long sign = value;
        value = (value << 6) | (uint)(field[0] & (Base256Sign - 1));
        foreach (byte next in field[1..])
        {
            // The bits that the shift pushes out must repeat the sign.
            if (value >> 55 != sign)
            {
                return false;
            }

            value = (value << 8) | next;
        }

        return true;
    }
}
