using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageScan.Core.Access.Issuers;

/// <summary>
/// JWTs of the configured issuers, checked as RFC 8725 advises (https://www.rfc-editor.org/rfc/rfc8725): fixed algorithms of public keys, issuer,
/// audience, subject and time. Keys are fetched through the address guard.
/// </summary>
public sealed class IssuerTokens : IDisposable
{
    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const int MaxHeaderKibibytes = 32;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DocumentTimeout = TimeSpan.FromSeconds(10);

    // Never a shared secret, nor none: whoever knows a public key could sign with it as a secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // Access tokens are at+jwt (https://www.rfc-editor.org/rfc/rfc9068#section-2.1); what is something else, such as a logout token, lets nobody in.
    private static readonly string[] Types = ["", "JWT", "at+jwt", "application/at+jwt"];

    // Where people are found in tokens; GitHub's have the actor. Entra ID names an app by appid (v1) or azp (v2)
    // (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
    private static readonly string[] NameClaims = ["email", "preferred_username", "full_name", "actor", "azp", "appid"];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = Credential.MaxCharacters };
    private readonly Dictionary<string, (IssuerRule[] Rules, IssuerKeys Keys)> _issuers;
    private readonly TimeProvider _time;
    private readonly ILogger<IssuerTokens> _logger;

    /// <summary>Asks no issuer yet. Throws <see cref="FormatException"/>, naming the setting, for an entry that cannot be.</summary>
    public IssuerTokens(AccessSettings settings, TimeProvider time, ILogger<IssuerTokens> logger)
        : this(settings.Issuers, "Access__Issuers", time, logger)
    {
    }

    /// <summary>As above, for issuers of another section of the settings.</summary>
    internal IssuerTokens(IReadOnlyList<AccessIssuer> issuers, string section, TimeProvider time, ILogger<IssuerTokens> logger)
    {
        _time = time;
        _logger = logger;
        var guard = new AddressGuard(AddressGuard.ResolveBySystemAsync, ConnectTimeout);
        _issuers = issuers.Index()
            .Where(entry => entry.Item != new AccessIssuer())
            .Select(entry => new IssuerRule(entry.Item, $"{section}__{entry.Item.NumberOr(entry.Index)}"))
            .GroupBy(rule => rule.Settings.Issuer, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => (group.ToArray(), KeysOf(group.Key, group.All(rule => rule.Settings.AllowPrivateAddress), guard, time)),
                StringComparer.Ordinal);
    }

    /// <summary>Whether a text is laid out as a signed JWT.</summary>
    public static bool IsLikely(string token) =>
        token.StartsWith("eyJ", StringComparison.Ordinal) && token.Length <= Credential.MaxCharacters && token.Count(c => c == '.') == 2;

    /// <summary>Who a JWT stands for, or why for nobody. Throws <see cref="IssuerUnreachableException"/> if that cannot be known now.</summary>
    public async Task<IssuerFinding> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (Read(token) is not { } jwt)
        {
            return new IssuerFinding(IssuerVerdict.Unreadable);
        }

        if (!_issuers.TryGetValue(jwt.Issuer, out (IssuerRule[] Rules, IssuerKeys Keys) issuer))
        {
            return new IssuerFinding(IssuerVerdict.UnknownIssuer) { Issuer = jwt.Issuer };
        }

        // What can be told without keys is told first: it costs the issuer nothing.
        IssuerRule[] rules = [.. issuer.Rules.Where(rule => jwt.Audiences.Contains(rule.Settings.Audience, StringComparer.Ordinal))];
        if ((ReasonAgainst(jwt, rules) ?? await ReasonAgainstSignatureAsync(jwt, issuer.Keys, cancellationToken)) is { } reason)
        {
            _logger.LogInformation("Token of {Issuer} refused: {Reason}", jwt.Issuer, HostileText.Plain(reason));
            return new IssuerFinding(IssuerVerdict.Invalid);
        }

        AccessRole[] roles = [.. rules.Where(rule => rule.Fits(jwt)).Select(rule => rule.Settings.Role).Distinct()];
        string id = $"{jwt.Issuer}|{jwt.Subject}";
        string name = NameOf(jwt);
        return roles.Length == 0
            ? new IssuerFinding(IssuerVerdict.NoRole)
            : new IssuerFinding(IssuerVerdict.Accepted)
            {
                Caller = new AccessIdentity(id, name, roles) { Description = name, ExpiresAt = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) },
            };
    }

    public void Dispose()
    {
        foreach ((_, IssuerKeys keys) in _issuers.Values)
        {
            keys.Dispose();
        }
    }

    private static IssuerKeys KeysOf(string issuer, bool isPrivate, AddressGuard guard, TimeProvider time)
    {
        var http = new HttpClient(guard.HandlerFor(isPrivate ? AddressRule.Any : AddressRule.Public, MaxHeaderKibibytes))
        {
            Timeout = DocumentTimeout,
            MaxResponseContentBufferSize = IssuerKeys.MaxDocumentBytes,
        };
        return new IssuerKeys(issuer, isPrivate, http, time);
    }

    private static JsonWebToken? Read(string token)
    {
        if (!IsLikely(token))
        {
            return null;
        }

        try
        {
            var jwt = new JsonWebToken(token);

            // Claims are read when they are asked for.
            _ = jwt.Claims.Count() + jwt.Audiences.Count();
            _ = (jwt.Issuer, jwt.Subject, jwt.Kid, jwt.Alg, jwt.Typ, jwt.ValidTo, jwt.ValidFrom);
            return jwt;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or SecurityTokenException or JsonException or FormatException
            or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private string? ReasonAgainst(JsonWebToken jwt, IssuerRule[] rules)
    {
        DateTime now = _time.GetUtcNow().UtcDateTime;
        return rules.Length == 0 ? "its audience is another"
            : string.IsNullOrEmpty(jwt.Subject) ? "it has no subject"
            : !Algorithms.Contains(jwt.Alg, StringComparer.Ordinal) ? "its algorithm is not allowed"
            : !Types.Contains(jwt.Typ ?? "", StringComparer.OrdinalIgnoreCase) ? "its type is another"
            // https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11: whoever does not understand what is critical must refuse.
            : jwt.TryGetHeaderValue("crit", out object? _) ? "it has critical headers"
            : jwt.ValidTo == DateTime.MinValue ? "it never expires"
            : jwt.ValidTo <= now - Skew ? "its time is over"
            : jwt.ValidFrom > now + Skew ? "its time has not come"
            : null;
    }

    private async Task<string?> ReasonAgainstSignatureAsync(JsonWebToken jwt, IssuerKeys keys, CancellationToken cancellationToken)
    {
        IReadOnlyList<SecurityKey> candidates = await keys.FindAsync(jwt.Kid ?? "", cancellationToken);
        if (candidates.Count == 0)
        {
            return "its key is none of the issuer's";
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidIssuer = jwt.Issuer,
            IssuerSigningKeys = candidates,
            RequireSignedTokens = true,

            // By our own clock, above; and of several audiences each has rules of its own.
            ValidateLifetime = false,
            ValidateAudience = false,
        });
        return result.IsValid ? null : "its signature is wrong";
    }

    private static string NameOf(JsonWebToken jwt) =>
        NameClaims.Select(name => jwt.Claims.Where(claim => claim.Type == name && claim.Value.Length > 0).ToArray())
            .FirstOrDefault(claims => claims.Length == 1)?[0].Value
        ?? jwt.Subject;
}

/// <summary>What has been found out about a JWT.</summary>
/// <param name="Verdict">Whether it lets somebody in.</param>
public sealed record IssuerFinding(IssuerVerdict Verdict)
{
    /// <summary>Who it lets in; null unless it was accepted.</summary>
    public AccessIdentity? Caller { get; init; }

    /// <summary>The issuer that nobody knows; "" for every other verdict; hostile.</summary>
    public string Issuer { get; init; } = "";
}

public enum IssuerVerdict
{
    Accepted,

    /// <summary>It is no JWT.</summary>
    Unreadable,

    /// <summary>Its issuer is not configured.</summary>
    UnknownIssuer,

    /// <summary>Signature, time, audience, subject or algorithm are wrong.</summary>
    Invalid,

    /// <summary>It is genuine, and no rule gives it a role.</summary>
    NoRole,
}
