using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Benchmarks;

/// <summary>Images in a folder that <see cref="LoopbackRegistry"/> serves: manifests by name, blobs by digest.</summary>
internal sealed class MadeImages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-benchmarks-");

    public string Folder => _folder.FullName;

    /// <summary>Makes an image with a layer for each size; returns the layers' digests and compressed bytes.</summary>
    public IReadOnlyList<(string Digest, long Size)> Add(string name, params int[] mebibytes)
    {
        var layers = new List<(string Digest, long Size)>();
        for (int i = 0; i < mebibytes.Length; i++)
        {
            string made = Path.Combine(Folder, "made");
            MadeLayer.Write(made, seed: 10 + i, mebibytes[i]);
            layers.Add(Keep(made));
        }

        (string config, long configSize) = Keep(Encoding.UTF8.GetBytes("""{"architecture":"amd64","os":"linux"}"""));
        IEnumerable<string> descriptors = layers.Select(layer =>
            $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{layer.Digest}}","size":{{layer.Size}}}""");
        string manifest = $$"""
            {"schemaVersion":2,"mediaType":"{{LoopbackRegistry.ManifestType}}",
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{config}}","size":{{configSize}}},
            "layers":[{{string.Join(',', descriptors)}}]}
            """;
        Keep(Encoding.UTF8.GetBytes(manifest));
        File.WriteAllText(Path.Combine(Folder, name), manifest);
        return layers;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private (string Digest, long Size) Keep(byte[] blob)
    {
        string made = Path.Combine(Folder, "made");
        File.WriteAllBytes(made, blob);
        return Keep(made);
    }

    private (string Digest, long Size) Keep(string made)
    {
        using FileStream content = File.OpenRead(made);
        long size = content.Length;
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        File.Move(made, Path.Combine(Folder, hex), overwrite: true);
        return ($"sha256:{hex}", size);
    }
}
