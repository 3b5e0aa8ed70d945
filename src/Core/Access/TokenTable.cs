using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Core.Access;

/// <summary>The configured tokens, by their hashes.</summary>
public sealed class TokenTable
{
    private readonly (byte[] Hash, AccessIdentity Caller)[] _tokens;

    /// <summary>Throws <see cref="FormatException"/>, naming the setting, if a hash is no sha256 or a role is none.</summary>
    public TokenTable(AccessSettings settings) =>
        _tokens =
        [
            .. settings.Tokens.Index().Where(entry => entry.Item != new AccessToken())
                .Select(entry => (HashOf(entry.Item, entry.Index), CallerOf(entry.Item, entry.Index))),
        ];

    /// <summary>
    /// The caller a token belongs to; null if to nobody. Compares with every hash in constant time, so that how long it takes tells
    /// nothing.
    /// </summary>
    public AccessIdentity? Find(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        AccessIdentity? found = null;
        foreach ((byte[] known, AccessIdentity candidate) in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, known) ? candidate : found;
        }

        return found;
    }

    private static byte[] HashOf(AccessToken token, int index)
    {
        string setting = $"Access__Tokens__{token.NumberOr(index)}";
        if (token.Hash.Length != 2 * SHA256.HashSizeInBytes || !token.Hash.All(char.IsAsciiHexDigit))
        {
            throw new FormatException($"{setting}__Hash is no sha256 in 64 hexadecimal digits: printf %s TOKEN | sha256sum prints one.");
        }

        return Enum.IsDefined(token.Role)
            ? Convert.FromHexString(token.Hash)
            : throw new FormatException($"{setting}__Role is none of {string.Join(", ", Enum.GetNames<AccessRole>())}.");
    }

    // StackRox calls a token auth-token:ID (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/grpc/authn/tokenbased/extractor.go).
    private static AccessIdentity CallerOf(AccessToken token, int index)
    {
        string name = token.Name.Length > 0 ? token.Name : $"token {index}";
        return new AccessIdentity($"token:{name}", name, [token.Role]) { UserId = $"auth-token:{name}" };
    }
}
