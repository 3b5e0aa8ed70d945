using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ImageScan.Core.Images;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Installed;

/// <summary>A root file system on disk, of which each step's difference becomes a layer, as builders of images do it.</summary>
internal sealed class RootFolder(string path)
{
    private readonly ImageBuilder _image = new();
    private Dictionary<string, string> _before = [];

    public string Path { get; } = Directory.CreateDirectory(path).FullName;

    /// <summary>The path on disk of a path in the image.</summary>
    public string Of(string inside) => System.IO.Path.Combine(Path, inside);

    /// <summary>As above, of a folder that is there from now on.</summary>
    public string FolderOf(string inside) => Directory.CreateDirectory(Of(inside)).FullName;

    /// <summary>Writes a text file, with its folder.</summary>
    public void Write(string inside, string text)
    {
        FolderOf(System.IO.Path.GetDirectoryName(inside)!);
        File.WriteAllText(Of(inside), text);
    }

    /// <summary>
    /// Makes a layer of what is new, changed or gone since the last one
    /// (https://github.com/opencontainers/image-spec/blob/main/layer.md#representing-changes).
    /// </summary>
    /// <returns>The layer's digest.</returns>
    public Digest Commit(string instruction)
    {
        Dictionary<string, string> now = [];
        Look(new DirectoryInfo(Path), now);
        byte[] tar = TarOf(
            now.Where(entry => _before.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => entry.Key),
            // What is gone with its folder needs no whiteout of its own.
            _before.Keys.Where(gone => !now.ContainsKey(gone) && (FolderIn(gone) is "" || now.ContainsKey(FolderIn(gone)))));
        _before = now;
        var blob = new MadeBlob(MediaTypes.OciLayerTarGzip, Gzip(tar));
        _image.AddLayer(instruction, blob, Digest.OfSha256(SHA256.HashData(tar)));
        return blob.Digest;
    }

    public MadeImage Build() => _image.Build();

    private void Look(DirectoryInfo folder, Dictionary<string, string> entries)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            string inside = System.IO.Path.GetRelativePath(Path, entry.FullName);
            entries[inside] = entry switch
            {
                { LinkTarget: { } target } => $"link to {target}",
                FileInfo file => $"{file.Length} bytes, {file.LastWriteTimeUtc.Ticks}",
                _ => "folder",
            };
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                Look(inner, entries);
            }
        }
    }

    private byte[] TarOf(IEnumerable<string> changed, IEnumerable<string> gone)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            // Folders come before what is in them.
            foreach (string inside in changed.Order(StringComparer.Ordinal))
            {
                writer.WriteEntry(Of(inside), inside);
            }

            foreach (string inside in gone.Order(StringComparer.Ordinal))
            {
                string whiteout = System.IO.Path.Combine(FolderIn(inside), $".wh.{System.IO.Path.GetFileName(inside)}");
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, whiteout));
            }
        }

        return archive.ToArray();
    }

    private static string FolderIn(string inside) => System.IO.Path.GetDirectoryName(inside)!;

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
