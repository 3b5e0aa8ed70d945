using System.Formats.Tar;
using ZstdSharp;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

/// <summary>A tar archive packed by zstd, as Red Hat publishes its documents.</summary>
internal static class MadeArchive
{
    public static byte[] Of(params (string Path, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
        using (var tar = new TarWriter(zstd))
        {
            foreach (var (path, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
            }
        }

        return packed.ToArray();
    }
}
