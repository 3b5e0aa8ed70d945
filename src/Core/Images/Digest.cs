using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ImageScan.Core.Images;

/// <summary>
/// The name of content by its hash, <c>algorithm:hex</c>
/// (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests).
/// </summary>
public sealed record Digest
{
    private Digest(string algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    /// <summary><c>sha256</c>, <c>sha384</c> or <c>sha512</c>: the algorithms that distribution/reference accepts.</summary>
    public string Algorithm { get; }

    /// <summary>The hash in lower-case hexadecimal, without the algorithm.</summary>
    public string Hex { get; }

    /// <summary>The algorithm as .NET names it.</summary>
    internal HashAlgorithmName HashName => NameOf(Algorithm);

    /// <summary>The sha256 digest whose 32 bytes are given.</summary>
    public static Digest OfSha256(ReadOnlySpan<byte> hash) => new("sha256", Convert.ToHexStringLower(hash));

    /// <summary>The digest of the bytes themselves, by the algorithm of <paramref name="like"/>; by sha256 without one.</summary>
    public static Digest OfBytes(ReadOnlySpan<byte> bytes, Digest? like = null)
    {
        string algorithm = like?.Algorithm ?? "sha256";
        return new Digest(algorithm, Convert.ToHexStringLower(CryptographicOperations.HashData(NameOf(algorithm), bytes)));
    }

    /// <summary>Reads <c>sha256:…</c>; false if the algorithm is unknown or the length or a character does not fit it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        if (text is null || text.IndexOf(':') is not (> 0 and var colon))
        {
            return false;
        }

        string algorithm = text[..colon];
        string hex = text[(colon + 1)..];
        if (HexLengthOf(algorithm) != hex.Length || !hex.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        digest = new Digest(algorithm, hex);
        return true;
    }

    /// <summary>Reads <c>sha256:…</c>. Throws <see cref="FormatException"/> where <see cref="TryParse"/> says false.</summary>
    public static Digest Parse(string text) =>
        TryParse(text, out Digest? digest) ? digest : throw new FormatException($"'{text}' is no digest.");

    public override string ToString() => $"{Algorithm}:{Hex}";

    internal static int HexLengthOf(string algorithm) => algorithm switch
    {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => -1,
    };

    // .NET writes the same names in capitals.
    private static HashAlgorithmName NameOf(string algorithm) => new(algorithm.ToUpperInvariant());
}
