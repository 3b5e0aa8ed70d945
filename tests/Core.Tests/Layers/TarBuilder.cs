using System.Buffers;
using System.Globalization;
using System.Text;

namespace ImageScan.Core.Tests.Layers;

/// <summary>Writes tar archives byte by byte, also such as no program should write.</summary>
internal sealed class TarBuilder
{
    public const int BlockBytes = 512;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public TarBuilder File(string name, string content, char type = '0', Action<byte[]>? change = null) =>
        File(name, Encoding.UTF8.GetBytes(content), type, change);

    public TarBuilder File(string name, byte[] content, char type = '0', Action<byte[]>? change = null) =>
        Header(name, content.Length, type, change: change).Body(content);

    public TarBuilder Folder(string name) => Header(name, 0, '5');

    public TarBuilder Link(string name, string target, char type) => Header(name, 0, type, target);

    public TarBuilder HardLink(string name, string target) => Link(name, target, '1');

    public TarBuilder SymbolicLink(string name, string target) => Link(name, target, '2');

    public TarBuilder Pax(params (string Key, string Value)[] records) =>
        File("PaxHeaders/x", Encoding.Latin1.GetBytes(string.Concat(records.Select(record => Record(record.Key, record.Value)))), 'x');

    public TarBuilder LongName(string name) => File("././@LongLink", name + "\0", 'L');

    public TarBuilder LongLink(string target) => File("././@LongLink", target + "\0", 'K');

    public TarBuilder Header(string name, long size, char type, string link = "", Action<byte[]>? change = null)
    {
        var header = new byte[BlockBytes];
        Put(header, 0, name);
        Put(header, 100, "0000644");
        Put(header, 124, Convert.ToString(size, 8).PadLeft(11, '0'));
        Put(header, 136, "00000000000");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\000");
        header[263] = header[264] = (byte)'0';
        change?.Invoke(header);
        Sum(header);
        return Raw(header);
    }

    public TarBuilder Body(byte[] content)
    {
        Raw(content);
        return Raw(new byte[-content.Length & (BlockBytes - 1)]);
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public TarBuilder End() => Raw(new byte[2 * BlockBytes]);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public static string Record(string key, string value)
    {
        int rest = key.Length + value.Length + 3;
        int length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return $"{length} {key}={value}\n";
    }

    /// <summary>The archive with the sums of its headers mended.</summary>
    public static byte[] WithSums(byte[] archive)
    {
        byte[] mended = [.. archive];
        for (int start = 0; start + BlockBytes <= mended.Length; start += BlockBytes)
        {
            byte[] block = mended[start..(start + BlockBytes)];
            if (block.AsSpan(257, 5).SequenceEqual("ustar"u8))
            {
                Sum(block);
                block.CopyTo(mended, start);
            }
        }

        return mended;
    }

    public static void Put(byte[] header, int offset, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, offset);

    public static void Sum(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
    }
}
