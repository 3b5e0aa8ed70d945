using System.Text.Json;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>Made images as layouts on disk (https://github.com/opencontainers/image-spec/blob/main/image-layout.md).</summary>
internal static class MadeLayout
{
    public static void Write(DirectoryInfo folder, MadeImage image)
    {
        DirectoryInfo blobs = folder.CreateSubdirectory("blobs/sha256");
        foreach (MadeBlob blob in image.Layers.Append(image.Config).Append(image.Manifest))
        {
            File.WriteAllBytes(Path.Combine(blobs.FullName, blob.Digest.Hex), blob.Bytes.ToArray());
        }

        var manifest = new { mediaType = image.Manifest.MediaType, digest = image.Manifest.Digest.ToString(), size = image.Manifest.Bytes.Length };
        File.WriteAllText(Path.Combine(folder.FullName, "index.json"), JsonSerializer.Serialize(new { schemaVersion = 2, manifests = new[] { manifest } }));
        File.WriteAllText(Path.Combine(folder.FullName, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }
}
