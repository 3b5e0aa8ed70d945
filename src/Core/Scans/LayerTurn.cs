using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>
/// One layer's reading, by one process at a time: who finds it claimed waits for what the other reads, and takes over from one that has died.
/// </summary>
internal sealed class LayerTurn(LayerStore store, ScanSettings settings, TimeProvider time, Digest layer, string detectorsVersion)
{
    /// <summary>Processes that are known to be lost: nobody waits for them.</summary>
    public IReadOnlyList<string> LostHolders { get; init; } = [];

    // Names this turn, and no other of this process.
    private readonly string _reader = $"{Instance.Name}-{Guid.NewGuid():n}";

    /// <summary>The layer as it is stored, or as <paramref name="read"/> reads it, which is stored then.</summary>
    /// <param name="again">Whether only a reading counts that ends after this was called.</param>
    /// <param name="read">Reads the layer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LayerInventory> TakeAsync(
        bool again, Func<CancellationToken, Task<LayerInventory>> read, CancellationToken cancellationToken)
    {
        var stillness = new StillnessWatch(settings, time);
        var pause = new PollPause(time);

        // Whoever comes here has not found it: claiming it says in one request what looking first would in two.
        LayerRow? row = again ? await store.LookAsync(layer, detectorsVersion, cancellationToken) : null;
        string? tooOld = again ? row?.Generation : null;
        while (true)
        {
            if (row?.Generation is { } generation && (!again || generation != tooOld)
                && await store.FindAsync(layer, detectorsVersion, cancellationToken) is { } known)
            {
                return known;
            }

            if (row?.Reader is null || IsLost(row.Reader) || stillness.IsStill(row.ETag.ToString()))
            {
                if (await store.TryClaimAsync(layer, detectorsVersion, _reader, row, cancellationToken) is { } claim)
                {
                    return await ReadAsync(claim, read, cancellationToken);
                }
            }
            else
            {
                await pause.WaitAsync(cancellationToken);
            }

            row = await store.LookAsync(layer, detectorsVersion, cancellationToken);
        }
    }

    // One that was silent and lives on may be this very process, at work on the layer for somebody else.
    private bool IsLost(string reader) =>
        LostHolders.Any(holder => holder != Instance.Name && reader.StartsWith($"{holder}-", StringComparison.Ordinal));

    private async Task<LayerInventory> ReadAsync(
        LayerRow claim, Func<CancellationToken, Task<LayerInventory>> read, CancellationToken cancellationToken)
    {
        using var done = new CancellationTokenSource();
        Task<LayerRow> renewal = RenewAsync(claim, done.Token);
        try
        {
            LayerInventory inventory = await read(cancellationToken);
            await store.SaveAsync(layer, inventory, cancellationToken);
            return inventory;
        }
        catch (Exception)
        {
            await done.CancelAsync();
            await TryReleaseAsync(await renewal);
            throw;
        }
        finally
        {
            await done.CancelAsync();
        }
    }

    // Or others would wait for us until we count as dead. If that fails they do, and what the reading failed of is said all the same.
    private async Task TryReleaseAsync(LayerRow claim)
    {
        try
        {
            await store.ReleaseAsync(layer, detectorsVersion, claim, CancellationToken.None);
        }
        catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
        {
        }
    }

    // Returns the claim as it was last renewed. One that was lost, because we were silent for too long, is not fought for: both read the same.
    private async Task<LayerRow> RenewAsync(LayerRow claim, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(settings.BeatEvery, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return claim;
            }

            try
            {
                claim = await store.RenewAsync(layer, detectorsVersion, claim, CancellationToken.None) ?? claim;
            }
            catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
            {
                // Storage may be back before anybody takes us for dead.
            }
        }
    }
}
