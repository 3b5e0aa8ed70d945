using System.Buffers.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// What a JWT says of itself (https://www.rfc-editor.org/rfc/rfc7519). Nothing is verified: it is what we were given, and read to know when to ask
/// for the next.
/// </summary>
/// <param name="Expires">When it ends; null if it does not say.</param>
/// <param name="Tenant">The tenant of Entra ID that it is of; "" if it does not say.</param>
internal sealed record TokenClaims(DateTimeOffset? Expires, string Tenant)
{
    private const int MaxDepth = 16;

    // 9999-12-31, the last second that a DateTimeOffset can have.
    private const long LastSecond = 253_402_300_799;

    private static readonly TokenClaims None = new(null, "");

    /// <summary>The claims; none if it is no JWT.</summary>
    public static TokenClaims Of(string token)
    {
        if (token.Split('.') is not [_, var payload, _])
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), new JsonDocumentOptions { MaxDepth = MaxDepth });
            DateTimeOffset? expires = document.RootElement.Member("exp").Whole() is >= 0 and <= LastSecond and var seconds
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
            return new TokenClaims(expires, document.RootElement.Member("tid").Text() ?? "");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return None;
        }
    }
}
