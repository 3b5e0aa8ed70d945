using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ImageScan.Core.Tests.Images.Archives;

/// <summary>Writes tars byte by byte, also such as no proper program writes, into a folder that goes when the test ends.</summary>
internal sealed class TestTar : IDisposable
{
    private readonly MemoryStream _bytes = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("imagescan-tests-").FullName;

    public TestTar File(string path, byte[] content) => Entry(path, '0', content, content.Length);

    public TestTar File(string path, string content) => File(path, Encoding.UTF8.GetBytes(content));

    public TestTar Link(string path, char type, string target) => Entry(path, type, [], 0, target);

    public TestTar Entry(string path, char type, byte[] content, long size, string linkTarget = "")
    {
        byte[] header = new byte[512];
        Encoding.UTF8.GetBytes(path).AsSpan(0, Math.Min(100, Encoding.UTF8.GetByteCount(path))).CopyTo(header);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        header[156] = (byte)type;
        Encoding.UTF8.GetBytes(linkTarget).CopyTo(header, 157);
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0").CopyTo(header, 148);
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    public TestTar Pax(string key, string value)
    {
        string record = $" {key}={value}\n";
        int length = Encoding.UTF8.GetByteCount(record);
        int total = length + (length + 1).ToString(CultureInfo.InvariantCulture).Length;
        total = length + total.ToString(CultureInfo.InvariantCulture).Length;
        byte[] bytes = Encoding.UTF8.GetBytes(total.ToString(CultureInfo.InvariantCulture) + record);
        return Entry("pax", 'x', bytes, bytes.Length);
    }

    public byte[] Bytes() => [.. _bytes.ToArray(), .. new byte[1024]];

    /// <summary>Writes the tar, or the given bytes, to disk and gives the path.</summary>
    public string Save(byte[]? bytes = null)
    {
        string path = Path.Combine(Folder, $"{Guid.NewGuid():N}.tar");
        System.IO.File.WriteAllBytes(path, bytes ?? Bytes());
        return path;
    }

    public string SaveCompressed()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Bytes());
        }

        return Save(compressed.ToArray());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
