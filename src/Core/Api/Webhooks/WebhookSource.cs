using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>
/// One webhook as the settings have it: by what its sender must prove itself. All that is configured counts, any one of it will do; where a sender can
/// sign, its secret is for signing, and does not do by itself.
/// </summary>
internal sealed class WebhookSource(IWebhookProvider provider, WebhookSettings settings, IssuerTokens issuers, WebhookReplays replays)
{
    private const string SignaturePrefix = "sha256=";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    // Both are always compared, so that time says nothing.
    private readonly byte[][] _secrets = SecretsOf(settings, $"Webhooks__{provider.Name}");

    public IWebhookProvider Provider => provider;

    public WebhookSettings Settings => settings;

    public WebhookRegistries Registries { get; } = new(provider, settings);

    /// <summary>Whether the settings say how its sender is known.</summary>
    public bool IsOpen => HasSecret || TakesJwt || IsUnproven;

    /// <summary>Whether it believes anybody: said so, and neither a secret nor an issuer is set, be it one that its sender has no use for.</summary>
    public bool IsUnproven => settings.AllowUnauthenticated && _secrets.Length == 0 && !HasIssuers;

    /// <summary>Whether it has issuers that its sender has no use for.</summary>
    public bool HasIdleIssuers => HasIssuers && !provider.Proof.HasFlag(WebhookProof.Jwt);

    private bool HasSecret =>
        _secrets.Length > 0 && (provider.Proof & (WebhookProof.Header | WebhookProof.Path | WebhookProof.Signature)) != WebhookProof.None;

    private bool HasIssuers => settings.Issuers.Any(issuer => issuer != new WebhookIssuer());

    private bool TakesJwt => HasIssuers && provider.Proof.HasFlag(WebhookProof.Jwt);

    private bool IsSigned => HasSecret && provider.Proof.HasFlag(WebhookProof.Signature);

    /// <summary>What the head of a request proves. Throws <see cref="IssuerUnreachableException"/> where that cannot be known now.</summary>
    /// <param name="request">The request.</param>
    /// <param name="pathSecret">The last part of its path; "" if it has none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HeadProof> JudgeAsync(HttpRequest request, string pathSecret, CancellationToken cancellationToken)
    {
        if (IsUnproven)
        {
            return HeadProof.Proven;
        }

        string authorization = request.Headers.Authorization.ToString();
        string? sent = authorization.Length > 0 ? Credential.Of(request.Headers).Secret : null;
        if (TakesJwt && sent is not null && IssuerTokens.IsLikely(sent) && (await issuers.FindAsync(sent, cancellationToken)).Caller is not null)
        {
            return HeadProof.Proven;
        }

        if (IsSigned)
        {
            return SignatureOf(request) is null ? HeadProof.Missing : HeadProof.NeedsBody;
        }

        bool byHeader = provider.Proof.HasFlag(WebhookProof.Header) && (IsSecret(authorization) | IsSecret(sent ?? ""));
        bool byPath = provider.Proof.HasFlag(WebhookProof.Path) && IsSecret(pathSecret);
        return byHeader || byPath ? HeadProof.Proven
            : authorization.Length > 0 || pathSecret.Length > 0 ? HeadProof.Wrong
            : HeadProof.Missing;
    }

    /// <summary>
    /// Whether the body is signed as the head says, in time. Gives the request's id if it is of those that count once: <see cref="Begin"/> with it.
    /// </summary>
    public bool IsSignedBy(HttpRequest request, ReadOnlySpan<byte> body, out string? id)
    {
        id = null;
        string stamp = provider.TimestampHeader.Length > 0 ? request.Headers[provider.TimestampHeader].ToString() : "";
        if (SignatureOf(request) is not { } signature || !Fits(signature, stamp, body))
        {
            return false;
        }

        if (provider.TimestampHeader.Length == 0)
        {
            return true;
        }

        id = $"{provider.Name} {Convert.ToHexStringLower(signature)}";
        return MomentOf(stamp) is { } signedAt && replays.IsRecent(signedAt);
    }

    /// <summary>Begins a request that counts once, and says whether it has come before; whoever begins one ends it by <see cref="End"/>.</summary>
    public Repetition Begin(string id) => replays.Begin(id);

    /// <summary>Ends it: one that was not done may come again as it is.</summary>
    public void End(string id, bool isDone) => replays.End(id, isDone);

    // Throws SettingException for one that stands in the template. How long the others are is the matter of whoever shares them with a registry.
    private static byte[][] SecretsOf(WebhookSettings settings, string section)
    {
        SecretSetting.RefuseUnresolved(settings.Secret, $"{section}__{nameof(settings.Secret)}");
        SecretSetting.RefuseUnresolved(settings.PreviousSecret, $"{section}__{nameof(settings.PreviousSecret)}");
        return [.. new[] { settings.Secret, settings.PreviousSecret }.Where(secret => secret.Length > 0).Select(Encoding.UTF8.GetBytes)];
    }

    private bool Fits(byte[] signature, string stamp, ReadOnlySpan<byte> body)
    {
        byte[] head = provider.TimestampHeader.Length > 0 ? Encoding.UTF8.GetBytes($"{stamp}.") : [];
        bool isOne = false;
        foreach (byte[] secret in _secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hmac.AppendData(head);
            hmac.AppendData(body);
            isOne |= CryptographicOperations.FixedTimeEquals(hmac.GetHashAndReset(), signature);
        }

        return isOne;
    }

    // Hashes, so that neither length nor beginning can be told from the time it takes.
    private bool IsSecret(string sent)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(sent.Length <= Credential.MaxCharacters ? sent : ""), hash);
        bool isOne = false;
        foreach (byte[] secret in _secrets)
        {
            isOne |= CryptographicOperations.FixedTimeEquals(SHA256.HashData(secret), hash);
        }

        return isOne;
    }

    // Null also for one that cannot be read.
    private byte[]? SignatureOf(HttpRequest request)
    {
        string sent = request.Headers[provider.SignatureHeader].ToString();

        // Some leave out of which kind it is.
        string digits = sent.StartsWith(SignaturePrefix, StringComparison.OrdinalIgnoreCase) ? sent[SignaturePrefix.Length..] : sent;
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.AsSpan().IndexOfAnyExcept(HexDigits) < 0 ? Convert.FromHexString(digits) : null;
    }

    private static DateTimeOffset? MomentOf(string stamp) =>
        long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

/// <summary>What the head of a request proves.</summary>
internal enum HeadProof
{
    Proven,

    /// <summary>The body is signed, so it must be read.</summary>
    NeedsBody,

    /// <summary>There is no proof of a kind that is expected.</summary>
    Missing,

    Wrong,
}
