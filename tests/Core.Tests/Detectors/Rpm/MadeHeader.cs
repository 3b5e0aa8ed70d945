using System.Buffers.Binary;
using System.Text;
using ImageScan.Core.Detectors.Rpm;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Builds the header of a package as rpm keeps it: the entries in the order in which they were added.</summary>
internal sealed class MadeHeader
{
    private readonly List<byte> _index = [];
    private readonly List<byte> _store = [];

    public static MadeHeader Of(string name, string version = "1", string release = "1") =>
        new MadeHeader().Text(RpmTag.Name, name).Text(RpmTag.Version, version).Text(RpmTag.Release, release);

    public MadeHeader Text(RpmTag tag, string text) => Entry((uint)tag, 6, 1, Encoding.UTF8.GetBytes(text + "\0"));

    public MadeHeader Texts(RpmTag tag, params string[] texts) =>
        Entry((uint)tag, 8, (uint)texts.Length, Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => text + "\0"))));

    public MadeHeader Numbers(RpmTag tag, params uint[] numbers) =>
        Entry((uint)tag, 4, (uint)numbers.Length, [.. numbers.SelectMany(BigEndian)]);

    /// <summary>Files by folder, <c>/usr/bin/</c>, and name.</summary>
    public MadeHeader Files(params (string Folder, string Name)[] files)
    {
        string[] folders = [.. files.Select(file => file.Folder).Distinct()];
        return Numbers(RpmTag.DirIndexes, [.. files.Select(file => (uint)Array.IndexOf(folders, file.Folder))])
            .Texts(RpmTag.BaseNames, [.. files.Select(file => file.Name)])
            .Texts(RpmTag.DirNames, folders);
    }

    /// <summary>An entry of any kind.</summary>
    public MadeHeader Entry(uint tag, uint type, uint count, byte[] data, uint? offset = null)
    {
        // Numbers of four bytes stand at multiples of four.
        while (type == 4 && _store.Count % 4 != 0)
        {
            _store.Add(0);
        }

        foreach (uint number in new[] { tag, type, offset ?? (uint)_store.Count, count })
        {
            _index.AddRange(BigEndian(number));
        }

        _store.AddRange(data);
        return this;
    }

    public byte[] ToBytes() => [.. BigEndian((uint)_index.Count / 16), .. BigEndian((uint)_store.Count), .. _index, .. _store];

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
