using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Harbor;

/// <summary>What Harbor wants scanned.</summary>
/// <param name="Registry">Where it lies.</param>
/// <param name="Artifact">What it is called there.</param>
/// <param name="EnabledCapabilities">Which reports will be asked for; all of them if none is named.</param>
public sealed record HarborScanRequest(
    HarborRegistry Registry,
    HarborArtifact Artifact,
    [property: JsonPropertyName("enabled_capabilities")] IReadOnlyList<HarborCapability> EnabledCapabilities)
{
    /// <summary>Reads the body, whatever its type. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<HarborScanRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        RequestBody? registry = body.Message("registry");
        RequestBody? artifact = body.Message("artifact");
        return new HarborScanRequest(
            new HarborRegistry(registry?.Text("url") ?? "", registry?.Text("authorization") ?? ""),
            new HarborArtifact(artifact?.Text("repository") ?? "", artifact?.Text("digest") ?? "", artifact?.Text("mimeType") ?? ""),
            [.. body.Messages("enabledCapabilities").Select(HarborCapability.Of)]);
    }
}

/// <summary>A registry of Harbor's.</summary>
/// <param name="Url">Its scheme, host and port.</param>
/// <param name="Authorization">A header for it, <c>Basic …</c> or <c>Bearer …</c>, that reads this artifact; "" if everybody may.</param>
public sealed record HarborRegistry(string Url, string Authorization)
{
    // A record would print the login.
    public override string ToString() => $"HarborRegistry {Url}";
}

/// <summary>An artifact in it; its tag, which Harbor sends as well, is not looked at.</summary>
/// <param name="Repository">Its repository, project included.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="MimeType">The type of its manifest; "" if Harbor does not say.</param>
public sealed record HarborArtifact(string Repository, string Digest, [property: JsonPropertyName("mime_type")] string MimeType);

/// <summary>A kind of report.</summary>
/// <param name="Type"><c>vulnerability</c> or <c>sbom</c>.</param>
/// <param name="ProducesMimeTypes">The types of reports that will be asked for; any of its kind if none is named.</param>
/// <param name="Parameters">What else Harbor says of it.</param>
public sealed record HarborCapability(
    string Type,
    [property: JsonPropertyName("produces_mime_types")] IReadOnlyList<string> ProducesMimeTypes,
    HarborCapabilityParameters Parameters)
{
    internal static HarborCapability Of(RequestBody body) => new(
        body.Text("type"),
        body.Texts("producesMimeTypes"),
        new HarborCapabilityParameters(body.Message("parameters")?.Texts("sbomMediaTypes") ?? []));
}

/// <summary>What a kind of report is asked for with.</summary>
/// <param name="SbomMediaTypes">The formats of a bill of materials.</param>
public sealed record HarborCapabilityParameters([property: JsonPropertyName("sbom_media_types")] IReadOnlyList<string> SbomMediaTypes);
