using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Access;

/// <summary>What a request brings to prove who sends it.</summary>
internal sealed record Credential
{
    /// <summary>Longer ones are nobody's: JWTs of Entra ID with many groups have some 8 KiB.</summary>
    public const int MaxCharacters = 16 * 1024;

    // Functions' own keys travel in this header; ours do too, for tools that can set no other.
    private const string KeyHeader = "x-functions-key";

    // How Harbor sends what it calls an API key (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/rest/auth/auth.go).
    private const string HarborHeader = "X-ScannerAdapter-API-Key";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the request brings anything at all.</summary>
    public bool IsThere { get; private init; } = true;

    /// <summary>The scheme Basic: what browsers send by themselves once a person has entered it.</summary>
    public bool IsBasic { get; private init; }

    /// <summary>A token, or the password of Basic; null if what is there cannot be read.</summary>
    public string? Secret { get; private init; }

    /// <summary>The user name of Basic; null without.</summary>
    public string? UserName { get; private init; }

    /// <summary>Reads the headers; of two that name somebody, Authorization counts.</summary>
    public static Credential Of(IHeaderDictionary headers)
    {
        string authorization = headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            string key = headers[KeyHeader].ToString() is { Length: > 0 } own ? own : headers[HarborHeader].ToString();
            return key.Length > 0 ? new Credential { Secret = key.Length <= MaxCharacters ? key : null } : new Credential { IsThere = false };
        }

        if (authorization.Length > MaxCharacters)
        {
            return new Credential();
        }

        // Names of schemes know no case (https://www.rfc-editor.org/rfc/rfc9110#section-11.1).
        string[] parts = authorization.Split(' ', 2, StringSplitOptions.TrimEntries);
        return parts switch
        {
            [var scheme, var token] when scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) => new Credential { Secret = token },
            [var scheme, var pair] when scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) => BasicOf(pair),
            _ => new Credential(),
        };
    }

    // The first colon ends the name; the rest is the password, colons included (https://www.rfc-editor.org/rfc/rfc7617#section-2).
    private static Credential BasicOf(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length))
        {
            return new Credential { IsBasic = true };
        }

        string pair;
        try
        {
            pair = StrictUtf8.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            return new Credential { IsBasic = true };
        }

        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new Credential { IsBasic = true }
            : new Credential { IsBasic = true, UserName = pair[..colon], Secret = pair[(colon + 1)..] };
    }
}
