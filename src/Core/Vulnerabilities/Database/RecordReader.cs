using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Reads what <see cref="RecordWriter"/> wrote; throws <see cref="InvalidDataException"/>, and nothing else, on any other bytes.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Throws if there is more than what was read.</summary>
    public readonly void End()
    {
        if (!IsAtEnd)
        {
            throw new InvalidDataException("A record in it is longer than what it says.");
        }
    }

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number in it does not end.");
    }

    /// <summary>A count of things that take a byte each at least, so that no lie about it can make us reserve memory.</summary>
    public int Count()
    {
        ulong count = Number();
        return count <= (ulong)_rest.Length ? (int)count : throw new InvalidDataException("A list in it is longer than the file.");
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public string? OptionalText() => Text() is { Length: > 0 } text ? text : null;

    public string[] Texts()
    {
        int count = Count();
        if (count == 0)
        {
            return [];
        }

        var texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    public DateTimeOffset? Date()
    {
        ulong seconds = Number();
        if (seconds > (ulong)(DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerSecond))
        {
            throw new InvalidDataException("A date in it is no date.");
        }

        return seconds == 0 ? null : new DateTimeOffset((long)seconds * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    public DateOnly? Day() => Number() switch
    {
        0 => null,
        var day when day <= (ulong)DateOnly.MaxValue.DayNumber => DateOnly.FromDayNumber((int)day),
        _ => throw new InvalidDataException("A day in it is no day."),
    };

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException("A record in it is cut short.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
