using System.Diagnostics;
using System.Text.Json;

namespace ImageScan.Benchmarks;

/// <summary>An image that images/build.sh made from packages.</summary>
internal sealed class BuiltImage
{
    private BuiltImage(string name)
    {
        Name = name;
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Layout, "index.json")));
        Digest = index.RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString()!;
        string blob = Path.Combine(Layout, "blobs", Digest.Replace(':', Path.DirectorySeparatorChar));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(blob));
        Layers =
        [
            .. manifest.RootElement.GetProperty("layers").EnumerateArray()
                .Select(layer => (layer.GetProperty("digest").GetString()!, layer.GetProperty("size").GetInt64())),
        ];
    }

    /// <summary>All that the script can make, smallest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["small", "debian", "poly", "big"];

    public string Name { get; }

    public string Layout => CacheFolder.Image(Name);

    /// <summary>Of the manifest.</summary>
    public string Digest { get; }

    /// <summary>Compressed bytes with their digests, oldest first.</summary>
    public IReadOnlyList<(string Digest, long Size)> Layers { get; }

    public string Title => $"{Name}, {Layers.Sum(layer => layer.Size) >> 20} MiB of gzip in {Layers.Count} layers";

    /// <summary>The image; made first if the cache does not have it. Null, with a word, if it cannot be made here.</summary>
    public static BuiltImage? Find(string name)
    {
        if (!Directory.Exists(CacheFolder.Image(name)) && !CacheFolder.Run("images/build.sh", name))
        {
            Console.WriteLine($"\nSkipped: the image {name} could not be made.");
            return null;
        }

        return new BuiltImage(name);
    }

    /// <summary>The image as <c>docker save</c> writes it, layers uncompressed. Null, with a word, if skopeo is not installed.</summary>
    public string? Archive()
    {
        string path = Path.Combine(CacheFolder.Folder("archives"), $"{Name}-{Digest["sha256:".Length..][..12]}.tar");
        if (File.Exists(path))
        {
            return path;
        }

        string made = $"{path}.new";
        File.Delete(made);
        if (!Skopeo.TryCopy($"oci:{Layout}:1", $"docker-archive:{made}:{Name}:1"))
        {
            return null;
        }

        File.Move(made, path);
        return path;
    }
}

/// <summary>Copies images with skopeo.</summary>
internal static class Skopeo
{
    /// <summary>False, with a word, if it is not installed or fails.</summary>
    public static bool TryCopy(string source, string destination)
    {
        if (!Programs.IsInstalled("skopeo"))
        {
            Console.WriteLine("\nSkipped: skopeo is not installed.");
            return false;
        }

        using var process = Process.Start("skopeo", ["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", source, destination]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
