using System.Globalization;
using System.Security.Cryptography;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Access;

/// <summary>
/// The tokens that the API gives out. Each is found by one point read, and held in memory for seconds then: a revocation acts at once in the instance
/// that was asked for it, and <see cref="Held"/> later in all others. Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ApiTokens(ApiTokenStore store, AccessSettings settings, TimeProvider time)
{
    /// <summary>How long a token is believed without asking storage again.</summary>
    public static readonly TimeSpan Held = TimeSpan.FromSeconds(10);

    private const int MostHeld = 1_000;
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(365);

    private readonly Dictionary<Guid, HeldToken> _held = [];
    private readonly Lock _lock = new();
    private int _revocations;

    /// <summary>Who has this token; null if it is none, revoked, or its time is over.</summary>
    public async Task<AccessIdentity?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!ApiTokenText.TryRead(text, out ApiTokenText? asked) || await KnownAsync(asked, cancellationToken) is not { } known)
        {
            return null;
        }

        ApiToken token = known.Token;
        bool isRight = CryptographicOperations.FixedTimeEquals(asked.Hash, known.Hash);
        return isRight && !token.IsRevoked && time.GetUtcNow() < token.ExpiresAt ? CallerOf(token) : null;
    }

    /// <summary>
    /// Gives out a new token, whose text nobody has but the caller. It lives for a year unless said, to the second, as StackRox's do
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/backend/constants.go).
    /// </summary>
    public async Task<(string Text, ApiToken Token)> GenerateAsync(
        string name, IReadOnlyList<AccessRole> roles, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        (string text, ApiTokenText known) = ApiTokenText.New(ApiTokenKind.Generated);
        DateTimeOffset now = WholeSeconds(time.GetUtcNow());
        string[] names = [.. roles.Select(AccessRoles.NameOf)];
        var token = new ApiToken(known.Id, known.Kind, name, names, now, expiresAt is { } said ? WholeSeconds(said) : now + UsualLife);
        await store.AddAsync(token, known.Hash, cancellationToken);
        return (text, token);
    }

    /// <summary>Gives a caller whose JWT was found right a token that lives as long as <c>Access__ExchangeMinutes</c> says.</summary>
    public async Task<string> ExchangeAsync(AccessIdentity holder, CancellationToken cancellationToken)
    {
        (string text, ApiTokenText known) = ApiTokenText.New(ApiTokenKind.Exchanged);
        DateTimeOffset now = time.GetUtcNow();
        var token = new ApiToken(
            known.Id, known.Kind, holder.Name, [.. holder.Roles.Select(AccessRoles.NameOf)], now, now.AddMinutes(settings.ExchangeMinutes))
        { Holder = holder.Id };
        await store.AddAsync(token, known.Hash, cancellationToken);
        return text;
    }

    /// <summary>The generated token with this id; null if there is none.</summary>
    public async Task<ApiToken?> WithIdAsync(Guid id, CancellationToken cancellationToken) =>
        (await store.FindAsync(ApiTokenKind.Generated, id, cancellationToken))?.Token;

    /// <summary>All generated tokens, first by when they were.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).OrderBy(token => token.IssuedAt).ThenBy(token => token.Id)];

    /// <summary>Takes the worth of a generated token, here at once; false if there is none with this id.</summary>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        bool existed = await store.RevokeAsync(id, cancellationToken);
        lock (_lock)
        {
            // Who has read the row before this must not put it back.
            _revocations++;
            _held.Remove(id);
        }

        return existed;
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerSecond));

    // Kinds are in different partitions, so a text of the wrong kind finds nothing.
    private async Task<HeldToken?> KnownAsync(ApiTokenText asked, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        int revocations;
        lock (_lock)
        {
            if (_held.TryGetValue(asked.Id, out HeldToken? held) && held.Token.Kind == asked.Kind && time.GetElapsedTime(held.AskedAt, now) < Held)
            {
                return held;
            }

            revocations = _revocations;
        }

        if (await store.FindAsync(asked.Kind, asked.Id, cancellationToken) is not { } found)
        {
            return null;
        }

        var read = new HeldToken(found.Token, found.Hash, now);
        lock (_lock)
        {
            if (revocations == _revocations)
            {
                Hold(read, now);
            }
        }

        return read;
    }

    private void Hold(HeldToken read, long now)
    {
        if (_held.Count >= MostHeld)
        {
            foreach (Guid old in _held.Where(pair => time.GetElapsedTime(pair.Value.AskedAt, now) >= Held).Select(pair => pair.Key).ToList())
            {
                _held.Remove(old);
            }
        }

        if (_held.Count < MostHeld || _held.ContainsKey(read.Token.Id))
        {
            _held[read.Token.Id] = read;
        }
    }

    // The words of StackRox (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/grpc/authn/tokenbased/extractor.go).
    private static AccessIdentity CallerOf(ApiToken token)
    {
        AccessRole[] roles = [.. token.Roles.Select(AccessRoles.Named).OfType<AccessRole>()];
        if (token.Kind == ApiTokenKind.Exchanged)
        {
            return new AccessIdentity(token.Holder, token.Name, roles) { Description = token.Name, ExpiresAt = token.ExpiresAt };
        }

        string expires = token.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new AccessIdentity($"apitoken:{token.Id}", token.Name, roles)
        {
            UserId = $"auth-token:{token.Id}",
            Description = $"anonymous bearer token \"{token.Name}\" with roles [{string.Join(',', token.Roles)}] (jti: {token.Id}, expires: {expires})",
            ExpiresAt = token.ExpiresAt,
        };
    }

    private sealed record HeldToken(ApiToken Token, byte[] Hash, long AskedAt);
}
