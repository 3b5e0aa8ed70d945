using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage.Sealing;

/// <summary>
/// Seals secrets for storage with AES-256-GCM (NIST SP 800-38D, https://doi.org/10.6028/NIST.SP.800-38D): a random nonce of 96 bits each, and
/// the place where the text lies as associated data, so that one that was moved to another row or field does not open. A sealed text is
/// <c>gcm1:VERSION:BASE64</c> of nonce, ciphertext and tag.
/// </summary>
public sealed class SecretSealer
{
    private const string Form = "gcm1";
    private const int KeyBytes = 32;
    private const int MaxVersionCharacters = 64;
    private const string Setting = "Secrets__Keys";

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private readonly string? _newest;

    /// <summary>Throws <see cref="SettingException"/>, which says nothing of a key, if the keys cannot be.</summary>
    public SecretSealer(SecretSettings settings)
    {
        foreach ((int i, SecretKey key) in settings.Keys.Index().Where(entry => entry.Item is not { Version: "", Key: "" }))
        {
            string setting = $"{Setting}__{key.NumberOr(i)}";
            if (key.Version.Length is 0 or > MaxVersionCharacters || !key.Version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            {
                throw new SettingException(
                    $"{setting}__Version must be 1 to {MaxVersionCharacters} letters, digits, dots, dashes and underscores.");
            }

            byte[] bytes = new byte[KeyBytes + 1];
            if (!Convert.TryFromBase64String(key.Key.Trim(), bytes, out int length) || length != KeyBytes)
            {
                throw new SettingException($"{setting}__Key must be {KeyBytes} bytes in base64, as `openssl rand -base64 {KeyBytes}` prints them.");
            }

            if (!_keys.TryAdd(key.Version, bytes[..KeyBytes]))
            {
                throw new SettingException($"{setting}__Version is '{key.Version}', which is the version of another key already.");
            }

            _newest ??= key.Version;
        }
    }

    /// <summary>Whether there is a key to seal with.</summary>
    [MemberNotNullWhen(true, nameof(_newest))]
    public bool CanSeal => _newest is not null;

    /// <summary>The secret, sealed with the first key. Throws <see cref="SealedException"/> if there is none.</summary>
    public string Seal(string secret, SealedPlace place)
    {
        EnsureCanSeal();
        byte[] plain = Encoding.UTF8.GetBytes(secret);
        int nonceBytes = AesGcm.NonceByteSizes.MaxSize;
        int tagBytes = AesGcm.TagByteSizes.MaxSize;
        byte[] text = new byte[nonceBytes + plain.Length + tagBytes];
        Span<byte> nonce = text.AsSpan(0, nonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(_keys[_newest], tagBytes);
        gcm.Encrypt(nonce, plain, text.AsSpan(nonceBytes, plain.Length), text.AsSpan(nonceBytes + plain.Length), DataOf(_newest, place));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Form}:{_newest}:{Convert.ToBase64String(text)}";
    }

    /// <summary>
    /// The secret. Throws <see cref="SealedException"/> if its key is not among the settings, or if it was changed, or sealed for another place.
    /// </summary>
    public string Open(string sealedText, SealedPlace place)
    {
        string[] parts = sealedText.Split(':');
        int nonceBytes = AesGcm.NonceByteSizes.MaxSize;
        int tagBytes = AesGcm.TagByteSizes.MaxSize;
        if (parts.Length != 3 || parts[0] != Form || !Base64.IsValid(parts[2]) || Convert.FromBase64String(parts[2]) is not { } text
            || text.Length < nonceBytes + tagBytes)
        {
            throw new SealedException($"{place} is nothing that was sealed here");
        }

        if (!_keys.TryGetValue(parts[1], out byte[]? key))
        {
            throw new SealedException(
                $"{place} is sealed with key {HostileText.Quote(parts[1])}, which is not among the settings {Setting}__N__Version and {Setting}__N__Key");
        }

        byte[] plain = new byte[text.Length - nonceBytes - tagBytes];
        try
        {
            using var gcm = new AesGcm(key, tagBytes);
            gcm.Decrypt(text.AsSpan(0, nonceBytes), text.AsSpan(nonceBytes, plain.Length), text.AsSpan(^tagBytes..), plain, DataOf(parts[1], place));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealedException(
                $"{place} does not open with key {HostileText.Quote(parts[1])}: it was changed, it comes from another row, "
                    + $"or {Setting}__N__Key is another key");
        }
    }

    /// <summary>Throws <see cref="SealedException"/> if there is no key to seal with.</summary>
    [MemberNotNull(nameof(_newest))]
    public void EnsureCanSeal()
    {
        if (!CanSeal)
        {
            throw new SealedException($"secrets cannot be kept: the settings {Setting}__0__Version and {Setting}__0__Key are missing");
        }
    }

    // None of these can hold a NUL: keys of tables may not, and the rest is ours.
    private static byte[] DataOf(string version, SealedPlace place) =>
        Encoding.UTF8.GetBytes(string.Join('\0', Form, version, place.Table, place.Partition, place.Row, place.Field));
}
