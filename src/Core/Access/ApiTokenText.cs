using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Results;

namespace ImageScan.Core.Access;

/// <summary>
/// The text of a token that is given out: a beginning by which scanners for secrets know it, the id, and 256 random bits. The id leads to the row
/// of the token; the hash of the whole text tells whether it is the right one.
/// </summary>
/// <param name="Kind">How it came about.</param>
/// <param name="Id">Which one it is.</param>
/// <param name="Hash">The sha256 of the text.</param>
internal sealed record ApiTokenText(ApiTokenKind Kind, Guid Id, byte[] Hash)
{
    private const string Generated = "isf_";
    private const string Exchanged = "isx_";
    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>A new token: what its holder gets, and what is known of it.</summary>
    public static (string Text, ApiTokenText Known) New(ApiTokenKind kind)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        var id = Guid.NewGuid();
        id.TryWriteBytes(bytes);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        string text = (kind == ApiTokenKind.Generated ? Generated : Exchanged) + Base64Url.EncodeToString(bytes);
        return (text, new ApiTokenText(kind, id, HashOf(text)));
    }

    /// <summary>Whether a text can be such a token at all.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out ApiTokenText? known)
    {
        known = null;
        bool isGenerated = text.StartsWith(Generated, StringComparison.Ordinal);
        if (!isGenerated && !text.StartsWith(Exchanged, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        ReadOnlySpan<char> encoded = text.AsSpan(Generated.Length);
        if (encoded.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(encoded)
            || !Base64Url.TryDecodeFromChars(encoded, bytes, out int length) || length != bytes.Length)
        {
            return false;
        }

        known = new ApiTokenText(isGenerated ? ApiTokenKind.Generated : ApiTokenKind.Exchanged, new Guid(bytes[..IdBytes]), HashOf(text));
        return true;
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
