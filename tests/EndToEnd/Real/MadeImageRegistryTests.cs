using System.Text.Json;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Real;

/// <summary>The image of the demonstration by way of skopeo and the reference registry: needs no more than those two.</summary>
public sealed class MadeImageRegistryTests : IDisposable
{
    private readonly DirectoryInfo _layout = Directory.CreateTempSubdirectory("imagescan-layout-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _layout.Delete(recursive: true);

    [Fact]
    public async Task FindsWhatTheStarterSetKnows()
    {
        WriteLayout(DemoImage.Build());
        await using DockerRegistry registry = await DockerRegistry.StartAsync(Token);
        string image = $"{registry.Host}/made/image:1";
        await Skopeo.CopyAsync($"oci:{_layout.FullName}", $"docker://{image}", Token, "--dest-tls-verify=false");

        var reply = new ImageReply((await ImageScanCommand.RunAsync(snapshot: null, Token, "scan", image, "--format", "json")).Json);

        Assert.Contains("curl 7.74.0-1.3+deb11u3 CVE-2022-32221 7.74.0-1.3+deb11u5", reply.Rows);
        Assert.Contains("lodash 4.17.20 CVE-2021-23337 4.17.21", reply.Rows);
        Assert.Contains("requests 2.25.1 CVE-2023-32681 2.31.0", reply.Rows);
        Assert.Contains("starter set of advisories up to ", reply.ScannerVersion, StringComparison.Ordinal);
    }

    // https://github.com/opencontainers/image-spec/blob/main/image-layout.md
    private void WriteLayout(MadeImage image)
    {
        DirectoryInfo blobs = _layout.CreateSubdirectory("blobs/sha256");
        foreach (MadeBlob blob in image.Layers.Append(image.Config).Append(image.Manifest))
        {
            File.WriteAllBytes(Path.Combine(blobs.FullName, blob.Digest.Hex), blob.Bytes.ToArray());
        }

        var manifest = new { mediaType = image.Manifest.MediaType, digest = image.Manifest.Digest.ToString(), size = image.Manifest.Bytes.Length };
        File.WriteAllText(Path.Combine(_layout.FullName, "index.json"), JsonSerializer.Serialize(new { schemaVersion = 2, manifests = new[] { manifest } }));
        File.WriteAllText(Path.Combine(_layout.FullName, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }
}
