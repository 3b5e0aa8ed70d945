using System.IO.Compression;
using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

/// <summary>Everything a walk gives: entries, the contents of files, warnings.</summary>
internal sealed record Walked(IReadOnlyList<LayerEntry> Entries, IReadOnlyList<string> Contents, IReadOnlyList<LayerWarning> Warnings)
{
    public IEnumerable<string> Paths => Entries.Select(entry => entry.Path);

    public static Walked Of(byte[] blob, LayerLimits? limits = null) => Of(new MemoryStream(blob), limits);

    public static Walked Of(Stream blob, LayerLimits? limits = null)
    {
        using var walker = new LayerWalker(blob, "application/vnd.oci.image.layer.v1.tar", limits ?? new LayerLimits());
        var entries = new List<LayerEntry>();
        var contents = new List<string>();
        while (walker.MoveNext())
        {
            Assert.Equal(entries.Count, walker.Position);
            entries.Add(walker.Current);
            var content = new MemoryStream();
            walker.Content.CopyTo(content);
            Assert.Equal(walker.Current.Size, content.Length);
            contents.Add(Encoding.UTF8.GetString(content.ToArray()));
        }

        return new Walked(entries, contents, walker.Warnings);
    }

    public static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
