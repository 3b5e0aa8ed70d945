using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Benchmarks;

/// <summary>Images in a folder that <see cref="LoopbackRegistry"/> serves: manifests by name, blobs by digest.</summary>
internal sealed class MadeImages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-benchmarks-");
    private readonly Dictionary<(int Seed, int Mebibytes), (string Digest, long Size)> _layers = [];

    public string Folder => _folder.FullName;

    /// <summary>Makes an image with a layer for each size; returns the layers' digests and compressed bytes.</summary>
    public IReadOnlyList<(string Digest, long Size)> Add(string name, params int[] mebibytes) =>
        Add(name, [.. mebibytes.Select((size, i) => (10 + i, size))]);

    /// <summary>Makes an image whose layers are of those seeds and sizes; images that have both alike share the layer.</summary>
    public IReadOnlyList<(string Digest, long Size)> Add(string name, params (int Seed, int Mebibytes)[] made) => Write(name, [.. made.Select(Made)]);

    /// <summary>An image that was added (<see cref="Add(BuiltImage)"/>), with one more layer on top.</summary>
    public IReadOnlyList<(string Digest, long Size)> AddOnto(BuiltImage image, string name, (int Seed, int Mebibytes) made) =>
        Write(name, [.. image.Layers, Made(made)]);

    /// <summary>Serves an image that was built of packages as well.</summary>
    public void Add(BuiltImage image)
    {
        foreach (string blob in Directory.EnumerateFiles(Path.Combine(image.Layout, "blobs", "sha256")).Where(blob => !File.Exists(Path.Combine(Folder, Path.GetFileName(blob)))))
        {
            File.CreateSymbolicLink(Path.Combine(Folder, Path.GetFileName(blob)), blob);
        }

        File.Copy(Path.Combine(Folder, image.Digest["sha256:".Length..]), Path.Combine(Folder, image.Name));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private List<(string Digest, long Size)> Write(string name, List<(string Digest, long Size)> layers)
    {
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

    private (string Digest, long Size) Made((int Seed, int Mebibytes) layer)
    {
        if (!_layers.TryGetValue(layer, out (string Digest, long Size) known))
        {
            string made = Path.Combine(Folder, "made");
            MadeLayer.Write(made, layer.Seed, layer.Mebibytes);
            _layers[layer] = known = Keep(made);
        }

        return known;
    }

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
