using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Envelopes of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md.</summary>
internal static class DeadSimpleSigning
{
    /// <summary>The type of in-toto statements in an envelope.</summary>
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>The bytes over which an envelope is signed: "DSSEv1", type and payload, each of the two with its length before it.</summary>
    public static byte[] SignedBytes(string payloadType, ReadOnlySpan<byte> payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} "), .. payload];
}
