using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// The registries that are managed over the API: kept, changed, and given to the client of registries. Every method throws
/// <see cref="StorageException"/>; those that change something throw <see cref="ImageIntegrationRefusedException"/> with nothing changed.
/// </summary>
public sealed class ImageIntegrations
{
    private readonly ImageIntegrationStore _store;
    private readonly ImageIntegrationChecks _checks;
    private readonly SecretSealer _sealer;
    private readonly TimeProvider _time;
    private readonly ILogger<ImageIntegrations> _logger;
    private readonly FreshCopy<IntegrationSet> _held;

    public ImageIntegrations(
        ImageIntegrationStore store, ImageIntegrationChecks checks, SecretSealer sealer, TimeProvider time, ILogger<ImageIntegrations> logger)
    {
        (_store, _checks, _sealer, _time, _logger) = (store, checks, sealer, time, logger);
        _held = new FreshCopy<IntegrationSet>(store.MarkAsync, ReadAsync, time);
    }

    /// <summary>The integrations without their secrets, as of not more than three seconds ago; what this instance has changed is in it.</summary>
    public Task<IntegrationSet> CurrentAsync(CancellationToken cancellationToken) => _held.CurrentAsync(cancellationToken);

    /// <summary>The accounts of a registry, as <see cref="AccountLookup"/> says; at least one, if only one that is called as the registry is.</summary>
    public async Task<IReadOnlyList<RegistryAccount>> AccountsOfAsync(string registry, string repository, CancellationToken cancellationToken)
    {
        IntegrationSet set = await CurrentAsync(cancellationToken);
        List<RegistryAccount> accounts = [.. set.Of(registry, repository, _time.GetUtcNow()).Select(AccountOf)];
        if (accounts.Count == 0)
        {
            accounts.Add(new RegistryAccount(DefaultIntegrations.NamedAfter(registry).Id, registry, registry));
        }

        return accounts;
    }

    /// <summary>
    /// What a request would make of the integrations, checked, with the secrets that it would have; nothing is written, and nobody is asked.
    /// </summary>
    /// <param name="wanted">What it is to be; with the id of an integration there must be one.</param>
    /// <param name="source">Whose secrets count.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task<ImageIntegration> PrepareAsync(ImageIntegration wanted, SecretSource source, CancellationToken cancellationToken) =>
        Prepared(wanted, source, await FreshAsync(cancellationToken));

    /// <summary>Keeps a new integration and returns it with its id.</summary>
    /// <param name="prepared">As <see cref="PrepareAsync"/> returned it.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task<ImageIntegration> AddAsync(ImageIntegration prepared, CancellationToken cancellationToken)
    {
        EnsureCanKeep(prepared);
        ImageIntegration added = prepared with { Id = Guid.NewGuid().ToString() };
        await ChangeAsync(
            stored =>
            {
                var set = new IntegrationSet(stored.Rows);
                ImageIntegrationChecks.EnsureNameIsFree(added, set);
                ImageIntegrationChecks.EnsureRoom(stored.Rows.Count);
                return IntegrationChange.Keeping(added);
            },
            cancellationToken);
        return added;
    }

    /// <summary>
    /// Puts an integration in the place of what is kept under its id. Whether kept secrets may go with it is decided once more, by what is kept at that
    /// moment.
    /// </summary>
    /// <param name="wanted">What it is to be, as it was asked for.</param>
    /// <param name="source">Whose secrets count.</param>
    /// <param name="cancellationToken">Ends the wait for storage.</param>
    public async Task ReplaceAsync(ImageIntegration wanted, SecretSource source, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            stored =>
            {
                ImageIntegration prepared = Prepared(wanted, source, new IntegrationSet(stored.Rows));
                EnsureCanKeep(prepared);
                if (stored.Rows.All(row => row.Id != wanted.Id))
                {
                    ImageIntegrationChecks.EnsureRoom(stored.Rows.Count);
                }

                return IntegrationChange.Keeping(prepared);
            },
            cancellationToken);
    }

    /// <summary>
    /// Deletes an integration, and returns it; null if there is none. One that is there from the start stays away for good, but the scanner, which cannot
    /// be deleted.
    /// </summary>
    public async Task<ImageIntegration?> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        ImageIntegration? removed = null;
        await ChangeAsync(
            stored =>
            {
                removed = new IntegrationSet(stored.Rows).Find(id)?.Integration;
                if (removed?.Type == IntegrationTypes.ScannerV4)
                {
                    throw ImageIntegrationChecks.Wrong("scanner V4 integration cannot be deleted");
                }

                return removed is null ? null
                    : DefaultIntegrations.Has(id) ? IntegrationChange.RemovingForGood(id)
                    : IntegrationChange.Removing(id);
            },
            cancellationToken);
        return removed;
    }

    /// <summary>Throws if it has secrets and there is no key to seal them with.</summary>
    public void EnsureCanKeep(ImageIntegration integration)
    {
        if (integration.Secrets.Fields.Count == 0)
        {
            return;
        }

        try
        {
            _sealer.EnsureCanSeal();
        }
        catch (SealedException missing)
        {
            throw ImageIntegrationChecks.Wrong(missing.Message);
        }
    }

    private async Task<(IntegrationSet Set, string Mark)> ReadAsync(CancellationToken cancellationToken)
    {
        StoredImageIntegrations stored = await _store.ReadAsync(cancellationToken);
        return (new IntegrationSet(stored.Rows), stored.Mark);
    }

    // Whoever changes something has just read what it changes, perhaps elsewhere.
    private async Task<IntegrationSet> FreshAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Set;

    private async Task ChangeAsync(Func<StoredImageIntegrations, IntegrationChange?> decide, CancellationToken cancellationToken)
    {
        try
        {
            await _store.ChangeAsync(decide, cancellationToken);
        }
        finally
        {
            // Also where the answer was lost: what came of it is then found out.
            _held.Forget();
        }
    }

    private ImageIntegration Prepared(ImageIntegration wanted, SecretSource source, IntegrationSet set)
    {
        _checks.EnsureValid(wanted, set);
        StoredImageIntegration? kept = wanted.Id.Length > 0 ? set.Find(wanted.Id) ?? throw ImageIntegrationChecks.Unknown(wanted.Id) : null;
        if (kept?.Integration is { } before)
        {
            ImageIntegrationChecks.EnsureStaysScanner(wanted, before);
        }

        IntegrationSecrets secrets = source == SecretSource.Request
            ? ImageIntegrationChecks.WithoutMasks(wanted.Secrets)
            : kept is null ? throw ImageIntegrationChecks.Wrong("id required for stored credential reconciliation")
            : KeptSecrets(wanted, kept);
        ImageIntegration prepared = wanted with { Secrets = secrets };
        ImageIntegrationChecks.EnsureRegistry(prepared);
        return ImageIntegrationChecks.Normalized(prepared);
    }

    // First whether they may be used, then what they are.
    private IntegrationSecrets KeptSecrets(ImageIntegration wanted, StoredImageIntegration kept)
    {
        IntegrationReconciliation.EnsureSamePlace(wanted, kept.Integration!);
        try
        {
            return _store.Open(kept);
        }
        catch (SealedException sealedOff)
        {
            throw new ImageIntegrationRefusedException(ImageIntegrationRefusal.Sealed, $"the stored credentials cannot be used: {sealedOff.Message}");
        }
    }

    private RegistryAccount AccountOf(StoredImageIntegration row)
    {
        try
        {
            return IntegrationAccount.Of(row.Integration!, _store.Open(row), row.Stamp, problem: null);
        }
        catch (SealedException sealedOff)
        {
            _logger.LogWarning("Integration not used {IntegrationId}: {Reason}", row.Id, sealedOff.Message);
            string problem = $"the integration {Images.HostileText.Quote(row.Integration!.Name)} cannot be used: {sealedOff.Message}";
            return IntegrationAccount.Of(row.Integration!, secrets: null, row.Stamp, problem);
        }
    }
}

/// <summary>Whose secrets an integration is to have.</summary>
public enum SecretSource
{
    /// <summary>Those of the request.</summary>
    Request,

    /// <summary>Those that are kept; the request has none, and must not go anywhere else with them.</summary>
    Kept,
}
