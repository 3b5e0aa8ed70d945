using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>
/// Whether what a registry tells of can be an image, as far as its media types and its tag say. What they do not say is left to the scan, which looks
/// at the manifest itself.
/// </summary>
internal static class PushedContent
{
    // https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery and the ATTESTATION_SPEC.md and SBOM_SPEC.md beside it.
    private static readonly string[] CosignEndings = [".sig", ".att", ".sbom"];

    /// <summary>By the manifest's media type; an unknown one (null or "") may be an image's.</summary>
    public static bool IsImageManifest(string? mediaType) =>
        Bare(mediaType) is var type && (type.Length == 0 || MediaTypes.IsManifest(type) || MediaTypes.IsIndex(type) || MediaTypes.IsSchema1(type));

    /// <summary>By the media type of the manifest's configuration: that of charts, WebAssembly and other artifacts is another.</summary>
    public static bool IsImageConfig(string? mediaType) =>
        Bare(mediaType) is "" or MediaTypes.OciConfig or MediaTypes.DockerConfig or MediaTypes.OctetStream;

    /// <summary>
    /// By the media types of all that a manifest refers to: images have layers, indexes have manifests, attestations and artifacts have neither. Nothing
    /// told says nothing.
    /// </summary>
    public static bool IsImageContent(IReadOnlyCollection<string?> mediaTypes) =>
        mediaTypes.Count == 0 || mediaTypes.Select(Bare).Any(type => MediaTypes.IsLayer(type) || MediaTypes.IsManifest(type) || MediaTypes.IsIndex(type));

    /// <summary>
    /// Whether a tag names what lies beside an image: cosign's <c>sha256-HEX.sig</c>, <c>.att</c> and <c>.sbom</c>, with or without a prefix, and
    /// <c>sha256-HEX</c>, where registries without a referrers API keep their list
    /// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema).
    /// </summary>
    public static bool IsCompanionTag(string tag)
    {
        string? ending = CosignEndings.FirstOrDefault(end => tag.EndsWith(end, StringComparison.Ordinal));
        string name = ending is null ? tag : tag[..^ending.Length];
        int dash = name.LastIndexOf('-');
        if (dash < 0 || name.Length - dash - 1 < 64 || !name[(dash + 1)..].All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        string before = name[..dash];
        return ending is null ? before is "sha256" or "sha384" or "sha512" : before.EndsWith("sha256", StringComparison.Ordinal);
    }

    private static string Bare(string? mediaType) => (mediaType ?? "").Split(';')[0].Trim();
}
