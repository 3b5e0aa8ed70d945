using ImageScan.Core.Images;
using ImageScan.Core.Signatures;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Signing;

/// <summary>
/// Whose signatures are trusted, for every answer, and the changes of it. It is held for a few seconds as <see cref="FreshCopy{T}"/> says. Every method
/// throws <see cref="StorageException"/>; changes also throw <see cref="SignatureIntegrationRefusedException"/>.
/// </summary>
public sealed class SignatureIntegrations
{
    private readonly SignatureIntegrationStore _store;
    private readonly FreshCopy<TrustedIntegrations> _copy;

    public SignatureIntegrations(SignatureIntegrationStore store, TimeProvider time)
    {
        _store = store;
        _copy = new FreshCopy<TrustedIntegrations>(store.MarkAsync, ReadAsync, time);
    }

    /// <summary>Whose signatures are trusted, as of not more than three seconds ago.</summary>
    public Task<TrustedIntegrations> CurrentAsync(CancellationToken cancellationToken) => _copy.CurrentAsync(cancellationToken);

    /// <summary>All integrations as of now, ordered by name.</summary>
    public async Task<IReadOnlyList<SignatureIntegration>> ListAsync(CancellationToken cancellationToken)
    {
        StoredSignatureIntegrations stored = await _store.ReadAsync(cancellationToken);
        return [.. stored.Integrations.OrderBy(integration => integration.Name, StringComparer.Ordinal)];
    }

    /// <summary>The integration of that id; null if there is none.</summary>
    public async Task<SignatureIntegration?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await _store.ReadAsync(cancellationToken)).Integrations.FirstOrDefault(integration => integration.Id == id);

    /// <summary>Adds an integration under an id of its own, and returns it.</summary>
    /// <param name="asked">It, without an id.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public Task<SignatureIntegration> AddAsync(SignatureIntegration asked, CancellationToken cancellationToken)
    {
        if (asked.Id.Length > 0)
        {
            throw new SignatureIntegrationRefusedException(
                SignatureIntegrationRefusal.Invalid, $"id should be empty but {HostileText.Quote(asked.Id)} provided");
        }

        SignatureIntegration added = SignatureIntegrationChecks.Completed(asked with { Id = $"{SignatureIntegrationChecks.IdPrefix}{Guid.NewGuid():D}" });
        SignatureIntegrationChecks.EnsureValid(added);
        return ChangedAsync(
            async stored =>
            {
                if (stored.Integrations.Count >= SignatureIntegrationBounds.Integrations)
                {
                    throw new SignatureIntegrationRefusedException(
                        SignatureIntegrationRefusal.TooMany,
                        $"at most {SignatureIntegrationBounds.Integrations} signature integrations are kept: delete some first");
                }

                EnsureOnlyOneOfItsName(added, stored);
                return await _store.TryWriteAsync(stored, added, cancellationToken) ? added : null;
            },
            cancellationToken);
    }

    /// <summary>Puts an integration in the place of the one with its id, and returns it.</summary>
    public Task<SignatureIntegration> ReplaceAsync(SignatureIntegration asked, CancellationToken cancellationToken)
    {
        SignatureIntegration after = SignatureIntegrationChecks.Completed(asked);
        SignatureIntegrationChecks.EnsureValid(after);
        return ChangedAsync(
            async stored =>
            {
                _ = Existing(after.Id, stored);
                EnsureOnlyOneOfItsName(after, stored);
                return await _store.TryWriteAsync(stored, after, cancellationToken) ? after : null;
            },
            cancellationToken);
    }

    /// <summary>Removes the integration of that id, and returns what it was.</summary>
    public Task<SignatureIntegration> RemoveAsync(string id, CancellationToken cancellationToken) => ChangedAsync(
        async stored =>
        {
            SignatureIntegration removed = Existing(id, stored);
            return await _store.TryRemoveAsync(stored, removed, cancellationToken) ? removed : null;
        },
        cancellationToken);

    private static SignatureIntegration Existing(string id, StoredSignatureIntegrations stored) =>
        stored.Integrations.FirstOrDefault(integration => integration.Id == id)
        ?? throw new SignatureIntegrationRefusedException(
            SignatureIntegrationRefusal.Unknown, $"signature integration id={HostileText.Plain(id)} doesn't exist");

    // In StackRox the database sees to it, in words of its own (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/postgres/error.go).
    private static void EnsureOnlyOneOfItsName(SignatureIntegration integration, StoredSignatureIntegrations stored)
    {
        if (stored.Integrations.Any(other => other.Id != integration.Id && other.Name == integration.Name))
        {
            throw new SignatureIntegrationRefusedException(
                SignatureIntegrationRefusal.NameTaken, $"another signature integration is named {HostileText.Quote(integration.Name)}: already exists");
        }
    }

    private async Task<SignatureIntegration> ChangedAsync(
        Func<StoredSignatureIntegrations, Task<SignatureIntegration?>> attempt, CancellationToken cancellationToken)
    {
        SignatureIntegration changed = await _store.RetriedAsync(
            async () => await attempt(await _store.ReadAsync(cancellationToken)), cancellationToken);
        _copy.Forget();
        return changed;
    }

    private async Task<(TrustedIntegrations Trusted, string Mark)> ReadAsync(CancellationToken cancellationToken)
    {
        StoredSignatureIntegrations stored = await _store.ReadAsync(cancellationToken);
        return (new TrustedIntegrations([.. stored.Integrations.OrderBy(integration => integration.Id, StringComparer.Ordinal)], stored.Mark), stored.Mark);
    }
}

/// <summary>Whose signatures are trusted.</summary>
/// <param name="Integrations">The integrations, ordered by id.</param>
/// <param name="Mark">What tells this set from earlier ones.</param>
public sealed record TrustedIntegrations(IReadOnlyList<SignatureIntegration> Integrations, string Mark);
