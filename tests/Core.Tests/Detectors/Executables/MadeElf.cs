using System.Buffers.Binary;
using System.Text;

namespace ImageScan.Core.Tests.Detectors.Executables;

/// <summary>Writes small ELF files: all of the file is one writable segment, and what is asked for are its sections.</summary>
internal sealed class MadeElf(bool is64Bit = true, bool isBigEndian = false)
{
    /// <summary>The address at which the file's first byte is loaded.</summary>
    public const int Base = 0x10000;

    private const int Alignment = 16;

    private readonly List<(string Name, int Start, byte[] Content)> _sections = [];
    private int _length = 512;

    public static byte[] With(string section, byte[] content) => new MadeElf().Add(section, content).ToArray();

    /// <summary>The address that the next section will have.</summary>
    public ulong NextAddress => (ulong)(Base + _length);

    public MadeElf Add(string name, byte[] content)
    {
        _sections.Add((name, _length, content));
        _length = (_length + content.Length + Alignment - 1) / Alignment * Alignment;
        return this;
    }

    /// <summary>An address or size, as this file writes it.</summary>
    public byte[] Word(ulong value)
    {
        var word = new byte[is64Bit ? 8 : 4];
        Put(word, 0, value, word.Length);
        return word;
    }

    public byte[] ToArray()
    {
        Add(".shstrtab", [0, .. _sections.Select(section => section.Name).Append(".shstrtab").SelectMany(name => Encoding.ASCII.GetBytes(name + "\0"))]);
        int width = is64Bit ? 8 : 4;
        int tableStart = _length;
        int headerBytes = is64Bit ? 64 : 40;
        var file = new byte[tableStart + (headerBytes * (_sections.Count + 1))];
        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5]) = ((byte)(is64Bit ? 2 : 1), (byte)(isBigEndian ? 2 : 1));
        int segments = is64Bit ? 64 : 52;
        Put(file, is64Bit ? 0x20 : 0x1c, (ulong)segments, width);
        Put(file, is64Bit ? 0x28 : 0x20, (ulong)tableStart, width);
        Put(file, is64Bit ? 0x36 : 0x2a, is64Bit ? 56UL : 32UL, 2);
        Put(file, is64Bit ? 0x38 : 0x2c, 2, 2);
        Put(file, is64Bit ? 0x3a : 0x2e, (ulong)headerBytes, 2);
        Put(file, is64Bit ? 0x3c : 0x30, (ulong)_sections.Count + 1, 2);
        Put(file, is64Bit ? 0x3e : 0x32, (ulong)_sections.Count, 2);
        PutSegment(file, segments, 1, 0, tableStart);
        if (_sections.FirstOrDefault(section => section.Name == ".dynamic") is { Content: not null } dynamic)
        {
            PutSegment(file, segments + (is64Bit ? 56 : 32), 2, dynamic.Start, dynamic.Content.Length);
        }

        int name = 1;
        for (int i = 0; i < _sections.Count; i++)
        {
            int at = tableStart + ((i + 1) * headerBytes);
            (string text, int start, byte[] content) = _sections[i];
            Put(file, at, (ulong)name, 4);
            Put(file, at + 4, 1, 4);
            Put(file, at + (is64Bit ? 16 : 12), (ulong)(Base + start), width);
            Put(file, at + (is64Bit ? 24 : 16), (ulong)start, width);
            Put(file, at + (is64Bit ? 32 : 20), (ulong)content.Length, width);
            content.CopyTo(file, start);
            name += text.Length + 1;
        }

        return file;
    }

    private void PutSegment(byte[] file, int at, uint type, int start, int length)
    {
        const uint ReadAndWrite = 6;
        int width = is64Bit ? 8 : 4;
        Put(file, at, type, 4);
        Put(file, at + (is64Bit ? 4 : 24), ReadAndWrite, 4);
        Put(file, at + (is64Bit ? 8 : 4), (ulong)start, width);
        Put(file, at + (is64Bit ? 16 : 8), (ulong)(Base + start), width);
        Put(file, at + (is64Bit ? 32 : 16), (ulong)length, width);
    }

    private void Put(byte[] bytes, int at, ulong value, int width)
    {
        Span<byte> field = stackalloc byte[8];
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(field, value);
            field[(8 - width)..].CopyTo(bytes.AsSpan(at));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(field, value);
            field[..width].CopyTo(bytes.AsSpan(at));
        }
    }
}
