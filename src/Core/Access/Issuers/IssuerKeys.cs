using System.Net;
using System.Text.Json;
using ImageScan.Core.Images;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ImageScan.Core.Access.Issuers;

/// <summary>
/// The keys that one issuer signs with, as its discovery document leads to them (https://openid.net/specs/openid-connect-discovery-1_0.html).
/// They are kept, and asked for again each hour; before that only for a key that is not among them, once a minute.
/// </summary>
internal sealed class IssuerKeys(string issuer, bool allowHttp, HttpClient http, TimeProvider time) : IDisposable
{
    /// <summary>After how long keys are asked for again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>How long keys are believed whose issuer does not answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>From one look for an unknown key to the next: whoever makes up ids of keys must not make us ask each time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The longest document that is read; Entra ID's keys have some 20 KiB.</summary>
    public const int MaxDocumentBytes = 512 * 1024;

    // Until an issuer that did not answer is asked again.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    // https://www.rfc-editor.org/rfc/rfc7518#section-3.3
    private const int MinRsaBits = 2_048;

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Known _known = new([], null, null, null);

    /// <summary>
    /// The keys with this id, or all for a token that names none; none if the issuer has no such. Throws <see cref="IssuerUnreachableException"/>.
    /// </summary>
    public async Task<IReadOnlyList<SecurityKey>> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (IsYoungerThan(_known.ReadAt, Fresh) && KeysOf(_known, keyId) is [_, ..] keys)
        {
            return keys;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            bool isKnown = IsYoungerThan(_known.ReadAt, Fresh) && KeysOf(_known, keyId).Count > 0;
            if (!isKnown && !IsYoungerThan(_known.AskedAt, _known.Failure is null ? Pause : PauseAfterFailure))
            {
                _known = await AskAsync(_known);
            }
        }
        finally
        {
            _turn.Release();
        }

        Known known = _known;
        IReadOnlyList<SecurityKey> found = IsYoungerThan(known.ReadAt, Longest) ? KeysOf(known, keyId) : [];
        return found.Count == 0 && known.Failure is { } reason ? throw new IssuerUnreachableException(reason) : found;
    }

    public void Dispose()
    {
        _turn.Dispose();
        http.Dispose();
    }

    private static IReadOnlyList<SecurityKey> KeysOf(Known known, string keyId) =>
        keyId.Length == 0 ? known.Keys : [.. known.Keys.Where(key => key.KeyId == keyId)];

    private bool IsYoungerThan(long? at, TimeSpan age) => at is { } then && time.GetElapsedTime(then) < age;

    // For all who wait, so it does not end with the one caller that came first; the client's own timeout bounds it.
    private async Task<Known> AskAsync(Known before)
    {
        long now = time.GetTimestamp();
        try
        {
            return new Known(await ReadAsync(), now, now, null);
        }
        catch (Exception failure) when (failure is HttpRequestException or RegistryException or OperationCanceledException or IOException
            or JsonException or ArgumentException or InvalidDataException or SecurityTokenException)
        {
            return before with { AskedAt = now, Failure = ReasonOf(failure) };
        }
    }

    private async Task<IReadOnlyList<SecurityKey>> ReadAsync()
    {
        // The path's last slash goes (section 4.1 of the specification).
        string document = await http.GetStringAsync(new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration"));
        OpenIdConnectConfiguration configuration = OpenIdConnectConfiguration.Create(document);
        if (configuration.Issuer != issuer)
        {
            throw new InvalidDataException($"its configuration is that of {HostileText.Quote(configuration.Issuer ?? "")}");
        }

        if (!Uri.TryCreate(configuration.JwksUri, UriKind.Absolute, out Uri? address)
            || !(address.Scheme == Uri.UriSchemeHttps || (allowHttp && address.Scheme == Uri.UriSchemeHttp)))
        {
            throw new InvalidDataException($"its keys are at {HostileText.Quote(configuration.JwksUri ?? "")}, which is no https address");
        }

        var keys = new JsonWebKeySet(await http.GetStringAsync(address)) { SkipUnresolvedJsonWebKeys = true };
        return [.. keys.GetSigningKeys().Where(IsStrong)];
    }

    // Those of certificates and of bare parameters; a secret of an HMAC has no place here.
    private static bool IsStrong(SecurityKey key) => key switch
    {
        RsaSecurityKey or X509SecurityKey => key.KeySize >= MinRsaBits,
        ECDsaSecurityKey => true,
        _ => false,
    };

    private string ReasonOf(Exception failure)
    {
        string reason = failure switch
        {
            HttpRequestException { StatusCode: HttpStatusCode status } => $"it answered {(int)status}",
            HttpRequestException { InnerException: RegistryException refused } => refused.Message,
            OperationCanceledException => "it took too long",
            HttpRequestException or IOException => "it could not be reached",
            InvalidDataException or RegistryException => failure.Message,
            _ => "its documents could not be read",
        };
        return $"the keys of the issuer {issuer} are not to be had: {HostileText.Plain(reason, 300)}";
    }

    private sealed record Known(IReadOnlyList<SecurityKey> Keys, long? ReadAt, long? AskedAt, string? Failure);
}
