using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageScan.Core.Signatures;

/// <summary>What tells one signature from another.</summary>
internal static class SignatureIdentity
{
    /// <summary>The same for two signatures only if all of their bytes are.</summary>
    public static string Of(CosignSignature signature)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (ReadOnlyMemory<byte> part in new[]
        {
            signature.RawSignature, signature.Payload, signature.CertificatePem, signature.ChainPem, signature.RekorBundle, signature.SigstoreBundle,
        })
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part.Span);
        }

        return $"{signature.Format} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
