using System.Text;
using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Small manifests, indexes and configurations, made in memory.</summary>
internal static class TestImages
{
    public static byte[] Config { get; } = """{"os":"linux","architecture":"amd64","config":{"User":"app"}}"""u8.ToArray();

    public static byte[] Layer { get; } = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    public static byte[] Manifest { get; } = ManifestOf(Config, [Layer]);

    public static byte[] ManifestOf(byte[] config, byte[][] layers, string configType = MediaTypes.OciConfig, string layerType = "application/vnd.oci.image.layer.v1.tar+gzip", string more = "") =>
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}",{{more}}"config":{{Json(config, configType)}},"layers":[{{string.Join(',', layers.Select(layer => Json(layer, layerType)))}}]}""");

    public static byte[] IndexOf(params string[] entries) =>
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(',', entries)}}]}""");

    /// <summary>An index entry; the platform as <c>os/arch[/variant]</c>, "" for none.</summary>
    public static string Entry(byte[] target, string platform, string more = "", string mediaType = MediaTypes.OciManifest)
    {
        string[] parts = platform.Split('/');
        string json = platform.Length == 0 ? "" : $$""","platform":{"os":"{{parts[0]}}","architecture":"{{parts[1]}}"{{(parts.Length > 2 ? $",\"variant\":\"{parts[2]}\"" : "")}}}""";
        return $"{Json(target, mediaType)[..^1]}{json}{more}}}";
    }

    private static string Json(byte[] content, string mediaType) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{FakeRegistry.DigestOf(content)}}","size":{{content.Length}}}""";
}
