using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// An envelope with all that is needed to verify it, v0.1 to v0.3 of
/// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto, in protobuf's JSON.
/// </summary>
/// <param name="PayloadType">What the payload is.</param>
/// <param name="Payload">What was signed.</param>
/// <param name="Signature">The one signature.</param>
/// <param name="Certificates">The signer's certificate and those above it, as DER; none if a bare key signed.</param>
/// <param name="Entries">What transparency logs have of it.</param>
internal sealed record SigstoreBundle(
    string PayloadType, byte[] Payload, byte[] Signature, IReadOnlyList<byte[]> Certificates, IReadOnlyList<RekorEntry> Entries)
{
    /// <summary>How its media types begin, versions before 0.3 being a parameter.</summary>
    public const string MediaTypePrefix = "application/vnd.dev.sigstore.bundle";

    private const int MaxEntries = 8;

    /// <summary>Reads a bundle; null, with the reason, if it is none that can be used.</summary>
    public static SigstoreBundle? TryRead(ReadOnlyMemory<byte> json, SignatureLimits limits, out string reason)
    {
        reason = "";
        using JsonDocument? document = SignatureJson.TryParse(json);
        JsonElement root = document?.RootElement ?? default;
        JsonElement envelope = root.Member("dsseEnvelope");
        JsonElement material = root.Member("verificationMaterial");
        JsonElement[] signatures = [.. envelope.Member("signatures").Items().Take(2)];
        if (root.Member("mediaType").Text()?.StartsWith(MediaTypePrefix, StringComparison.Ordinal) != true)
        {
            reason = "it is no sigstore bundle";
        }
        else if (envelope.Member("payload").Base64() is not { } payload || envelope.Member("payloadType").Text() is not { } type)
        {
            reason = "it has no envelope";
        }
        else if (signatures is not [var only] || only.Member("sig").Base64() is not { Length: > 0 } signature)
        {
            reason = "it has not exactly one signature";
        }
        else if (CertificatesIn(material) is not { } certificates || certificates.Count > limits.SignatureChainCertificates)
        {
            reason = "its certificates cannot be read";
        }
        else if (payload.Length > limits.SignaturePayloadBytes)
        {
            reason = $"its payload has more than {limits.SignaturePayloadBytes} bytes (SignaturePayloadBytes)";
        }
        else
        {
            RekorEntry[] entries = [.. material.Member("tlogEntries").Items().Take(MaxEntries).Select(RekorEntry.OfBundle).OfType<RekorEntry>()];
            return new SigstoreBundle(type, payload, signature, certificates, entries);
        }

        return null;
    }

    // v0.3 has one certificate, those before have a chain.
    private static List<byte[]>? CertificatesIn(JsonElement material)
    {
        var certificates = new List<byte[]>();
        JsonElement one = material.Member("certificate");
        IEnumerable<JsonElement> all = one.ValueKind == JsonValueKind.Object ? [one] : material.Member("x509CertificateChain").Member("certificates").Items();
        foreach (JsonElement certificate in all)
        {
            if (certificate.Member("rawBytes").Base64() is not { Length: > 0 } der)
            {
                return null;
            }

            certificates.Add(der);
        }

        return certificates;
    }
}
