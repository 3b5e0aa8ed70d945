using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Core.Access;

/// <summary>The configured tokens, by their hashes.</summary>
public sealed class TokenTable
{
    private readonly (byte[] Hash, AccessToken Token)[] _tokens;

    /// <summary>Throws <see cref="FormatException"/>, naming the setting, if a hash is no sha256 or a role is none.</summary>
    public TokenTable(AccessSettings settings) =>
        _tokens = [.. settings.Tokens.Select((token, i) => (HashOf(token, i), Named(token, i)))];

    /// <summary>
    /// The caller a token belongs to; null if to nobody. Compares with every hash in constant time, so that how long it takes tells
    /// nothing.
    /// </summary>
    public AccessToken? Find(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        AccessToken? found = null;
        foreach ((byte[] known, AccessToken candidate) in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, known) ? candidate : found;
        }

        return found;
    }

    private static byte[] HashOf(AccessToken token, int index)
    {
        string setting = $"Access__Tokens__{index}";
        if (token.Hash.Length != 2 * SHA256.HashSizeInBytes || !token.Hash.All(char.IsAsciiHexDigit))
        {
            throw new FormatException($"{setting}__Hash is no sha256 in 64 hexadecimal digits: printf %s TOKEN | sha256sum prints one.");
        }

        return Enum.IsDefined(token.Role)
            ? Convert.FromHexString(token.Hash)
            : throw new FormatException($"{setting}__Role is none of {string.Join(", ", Enum.GetNames<AccessRole>())}.");
    }

    private static AccessToken Named(AccessToken token, int index) =>
        token.Name.Length > 0 ? token : token with { Name = $"token {index}" };
}
