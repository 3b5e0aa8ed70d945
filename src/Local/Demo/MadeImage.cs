using System.Security.Cryptography;
using ImageScan.Core.Images;

namespace ImageScan.Local.Demo;

/// <summary>A small image that lives in memory: one platform's manifest, its configuration and its layers, oldest first.</summary>
public sealed record MadeImage(MadeBlob Manifest, MadeBlob Config, IReadOnlyList<MadeBlob> Layers);

/// <summary>Content as a registry keeps it.</summary>
public sealed record MadeBlob(string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The sha256 of the bytes.</summary>
    public Digest Digest { get; } = Digest.OfSha256(SHA256.HashData(Bytes.Span));
}
