using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Badges;

/// <summary>
/// Links that show the badge of one image to whoever has them: <c>sig</c> is the HMAC-SHA256 (RFC 2104) of the image's full name and of the moment
/// <c>exp</c> at which the link ends. So nobody can make one image's link show another, or a link last longer.
/// </summary>
public sealed class BadgeLinks
{
    private const int MinSecretCharacters = 32;

    // Or a signature could pass for one of something else that the same secret may be used for.
    private const string Purpose = "imagescan-badge-1";

    private readonly byte[][] _keys;

    /// <summary>Throws <see cref="SettingException"/> for a key that can be guessed.</summary>
    public BadgeLinks(BadgeSettings settings)
    {
        foreach ((int place, BadgeKey key) in settings.Keys.Index())
        {
            SecretSetting.RefuseWeak(key.Secret, $"Badges__Keys__{key.NumberOr(place)}__Secret", MinSecretCharacters);
        }

        string[] secrets = [.. settings.Keys.Select(key => key.Secret).Where(secret => secret.Length > 0)];
        _keys = [.. secrets.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Whether links can be signed.</summary>
    public bool HasKeys => _keys.Length > 0;

    /// <summary>Path and query of the badge of an image, without a leading slash. Throws <see cref="InvalidOperationException"/> without a key.</summary>
    /// <param name="image">The image.</param>
    /// <param name="until">When the link ends, to the second; null for never.</param>
    public string PathOf(ImageReference image, DateTimeOffset? until)
    {
        if (!HasKeys)
        {
            throw new InvalidOperationException("There is no key to sign with.");
        }

        string expiry = until?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";
        string query = expiry.Length > 0 ? $"exp={expiry}&sig=" : "sig=";
        return $"{Routes.BadgePrefix}{image.FullName}?{query}{Base64Url.EncodeToString(MacOf(_keys[0], image, expiry))}";
    }

    /// <summary>
    /// How long a link still holds; null if it does not, whatever is wrong with it. <see cref="TimeSpan.MaxValue"/> if it has no end.
    /// </summary>
    /// <param name="image">The image that is asked for.</param>
    /// <param name="signature">What the link has as <c>sig</c>; hostile.</param>
    /// <param name="expiry">What it has as <c>exp</c>; hostile.</param>
    /// <param name="now">The moment of the question.</param>
    public TimeSpan? RemainingOf(ImageReference image, string signature, string expiry, DateTimeOffset now)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (signature.Length != Base64Url.GetEncodedLength(given.Length)
            || Base64Url.DecodeFromChars(signature, given, out _, out int length) != OperationStatus.Done
            || length != given.Length
            || !IsSigned(image, expiry, given))
        {
            return null;
        }

        if (expiry.Length == 0)
        {
            return TimeSpan.MaxValue;
        }

        // What is signed was written by us, so it can be read, unless the secret is used by somebody else, too.
        return long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds > now.ToUnixTimeSeconds()
            ? TimeSpan.FromSeconds(Math.Min(seconds - now.ToUnixTimeSeconds(), int.MaxValue))
            : null;
    }

    private bool IsSigned(ImageReference image, string expiry, ReadOnlySpan<byte> given)
    {
        bool isSigned = false;
        foreach (byte[] key in _keys)
        {
            isSigned |= CryptographicOperations.FixedTimeEquals(MacOf(key, image, expiry), given);
        }

        return isSigned;
    }

    // A full name has no line break, so no two questions give the same text.
    private static byte[] MacOf(byte[] key, ImageReference image, string expiry) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Purpose}\n{image.FullName}\n{expiry}"));
}
