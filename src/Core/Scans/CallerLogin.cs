using System.Diagnostics.CodeAnalysis;
using System.Text;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Scans;

/// <summary>A login that a caller lends for one scan, as the value of a header <c>Authorization</c>.</summary>
/// <param name="Home">Scheme, host and port of the registry that it is for; it goes nowhere else.</param>
/// <param name="Authorization"><c>Basic …</c> or <c>Bearer …</c>.</param>
public sealed record CallerLogin(Uri Home, string Authorization)
{
    /// <summary>The longest value. A token of Harbor has some two thousand characters; the row of a job has room for few more than these.</summary>
    public const int MaxCharacters = 8 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What it proves; false, with nothing of it in the reason, if it is neither Basic nor Bearer or cannot be read.</summary>
    public bool TryRead([NotNullWhen(true)] out RegistryCredential? credential, [NotNullWhen(false)] out string? reason)
    {
        (credential, string why) = Read();
        if (credential is null)
        {
            reason = why;
            return false;
        }

        reason = null;
        return true;
    }

    // A record would print the login.
    public override string ToString() => $"CallerLogin for {Home}";

    private (RegistryCredential? Credential, string Why) Read()
    {
        if (Authorization.Length > MaxCharacters)
        {
            return (null, $"longer than {MaxCharacters} characters");
        }

        string[] parts = Authorization.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || parts[1].Length == 0 || !parts[1].All(IsOfToken))
        {
            return (null, "no such header");
        }

        return parts[0].ToUpperInvariant() switch
        {
            "BASIC" => OfBasic(parts[1]),
            "BEARER" => (new RegistryCredential("", "") { RegistryToken = parts[1] }, ""),
            _ => (null, "neither Basic nor Bearer"),
        };
    }

    // token68 (https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
    private static bool IsOfToken(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=';

    private static (RegistryCredential? Credential, string Why) OfBasic(string base64)
    {
        const string Unreadable = "Basic without a name and a password in base64 and UTF-8";
        byte[] bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length))
        {
            return (null, Unreadable);
        }

        try
        {
            string pair = StrictUtf8.GetString(bytes.AsSpan(0, length));
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? (null, Unreadable) : (new RegistryCredential(pair[..colon], pair[(colon + 1)..]), "");
        }
        catch (DecoderFallbackException)
        {
            return (null, Unreadable);
        }
    }
}
