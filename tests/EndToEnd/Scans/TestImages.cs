using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Images for the tests of whole scans.</summary>
internal static class TestImages
{
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    /// <summary>A file that says: this Node package is installed.</summary>
    public static (string Path, string Text) Npm(string name, string version) =>
        ($"app/node_modules/{name}/package.json", JsonSerializer.Serialize(new { name, version }));

    /// <summary>An image with a layer for each Node package, written <c>name@version</c>.</summary>
    public static MadeImage OfNpm(params IEnumerable<string> packages)
    {
        var builder = new ImageBuilder();
        foreach (string[] package in packages.Select(package => package.Split('@')))
        {
            builder.AddLayer($"RUN npm install {package[0]}", Npm(package[0], package[1]));
        }

        return builder.Build();
    }

    /// <summary>An image with one layer as it is.</summary>
    public static MadeImage OfLayer(byte[] tar, CompressionLevel level = CompressionLevel.Fastest) =>
        new ImageBuilder().AddLayer("COPY . .", new MadeBlob(MediaTypes.OciLayerTarGzip, Gzip(tar, level)), Digest.OfSha256(SHA256.HashData(tar))).Build();

    public static byte[] TarOf(params IEnumerable<TarEntry> entries)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            foreach (TarEntry entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return archive.ToArray();
    }

    /// <summary>The same image, said to be for linux/arm64.</summary>
    public static MadeImage ForArm64(MadeImage image)
    {
        var config = new MadeBlob(image.Config.MediaType, Replaced(image.Config, "\"amd64\"", "\"arm64\""));
        var manifest = new MadeBlob(image.Manifest.MediaType, Replaced(image.Manifest, $"{image.Config.Digest}", $"{config.Digest}"));
        return image with { Config = config, Manifest = manifest };
    }

    /// <summary>An index of two images, the first for linux/amd64, the second for linux/arm64.</summary>
    public static MadeBlob IndexOf(MadeImage amd64, MadeImage arm64)
    {
        static object Entry(MadeImage image, string architecture) => new
        {
            mediaType = image.Manifest.MediaType,
            digest = $"{image.Manifest.Digest}",
            size = image.Manifest.Bytes.Length,
            platform = new { os = "linux", architecture },
        };

        return new MadeBlob(IndexType, JsonSerializer.SerializeToUtf8Bytes(
            new { schemaVersion = 2, mediaType = IndexType, manifests = new[] { Entry(amd64, "amd64"), Entry(arm64, "arm64") } }));
    }

    private static byte[] Replaced(MadeBlob blob, string from, string to)
    {
        string text = Encoding.UTF8.GetString(blob.Bytes.Span);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    private static byte[] Gzip(byte[] bytes, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
