using System.Buffers;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Writes numbers and texts in the compact form that <see cref="RecordReader"/> reads.</summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    // LEB128: seven bits a byte, the lowest first.
    public void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Number(int value) => Number((ulong)value);

    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Number(length);
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(length)));
    }

    // "" and null are the same: none of these texts is ever meaningfully empty.
    public void OptionalText(string? text) => Text(text ?? "");

    public void Texts(IReadOnlyCollection<string> texts)
    {
        Number(texts.Count);
        foreach (string text in texts)
        {
            Text(text);
        }
    }

    // Whole seconds since year 1, so that every date is positive; 0 for none.
    public void Date(DateTimeOffset? date) => Number((ulong)((date?.UtcTicks ?? 0) / TimeSpan.TicksPerSecond));

    // Days since the first of year 1; 0 for none.
    public void Day(DateOnly? day) => Number(day?.DayNumber ?? 0);

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Reserves that many bytes, for the caller to fill before the next call.</summary>
    public Span<byte> Reserve(int length)
    {
        var reserved = _bytes.GetSpan(length)[..length];
        _bytes.Advance(length);
        return reserved;
    }
}
