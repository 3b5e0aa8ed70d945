using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// What is kept of layers that were read, so that other detectors read them without a pull. No scan depends on it: what is missing, broken or
/// insufficient is pulled, and what could not be kept is said in the log.
/// </summary>
public sealed class LayerBundles(LayerInspection inspection, BundleStore store, LayerSettings keeping, ILogger<LayerBundles> logger)
{
    /// <summary>The layer as its bundle tells it; null if the layer itself must be read.</summary>
    public async Task<LayerInventory?> ReadAsync(Digest layer, CancellationToken cancellationToken)
    {
        if (!keeping.KeepBodies)
        {
            return null;
        }

        try
        {
            if (await store.FindAsync(layer, cancellationToken) is not { } stored)
            {
                return null;
            }

            (LayerInventory? inventory, string reason) = await ReadAsync(layer, stored, cancellationToken);
            if (inventory is null)
            {
                logger.LogInformation("Layer bundle insufficient {Digest}: {Reason}", layer, HostileText.Plain(reason, 1_000));
            }

            return inventory;
        }
        catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException or IOException)
        {
            logger.LogWarning("Layer bundle not read {Digest}: {Reason}", layer, HostileText.Plain(failure.Message, 1_000));
            return null;
        }
    }

    /// <summary>What records a layer while it is read; null if nothing is kept.</summary>
    public BundleRecorder? TryRecord() => keeping.KeepBodies ? inspection.NewRecorder(keeping) : null;

    /// <summary>Stores what was recorded of a layer that was read to its end; goes on after this has returned.</summary>
    public void Keep(Digest layer, BundleRecorder? recorder)
    {
        if (recorder?.Complete() is { } bundle)
        {
            _ = Task.Run(() => SaveAsync(layer, bundle));
        }
        else if (recorder is not null)
        {
            logger.LogInformation("Layer bundle left out {Digest}: {Reason}", layer, HostileText.Plain(recorder.Refusal ?? "", 1_000));
        }
    }

    private async Task<(LayerInventory? Inventory, string Reason)> ReadAsync(Digest layer, StoredBundle stored, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream? bytes = await store.OpenAsync(layer, cancellationToken);
            using LayerBundle? bundle = bytes is null ? null : await LayerBundle.TakeAsync(bytes, keeping.BundleBytes, cancellationToken);
            if (bundle?.ContentDigest() == stored.Content)
            {
                BundleReading reading = await inspection.ReadBundleAsync(bundle, cancellationToken);
                return (reading.Inventory, reading.Reason);
            }

            if (bundle is null && bytes is not null)
            {
                return (null, "There is no room for it in memory, or Layers__BundleBytes is less by now.");
            }
        }
        catch (MalformedLayerException)
        {
            // Other bytes than the row says.
        }

        await store.ForgetAsync(layer, stored, cancellationToken);
        return (null, "It is not there, or not what its row says.");
    }

    // One unit of work, which nobody waits for: whatever goes wrong, the layer has been read.
    private async Task SaveAsync(Digest layer, LayerBundle bundle)
    {
        try
        {
            using (bundle)
            {
                Digest content = bundle.ContentDigest();
                if ((await store.FindAsync(layer, CancellationToken.None))?.Content != content)
                {
                    await using Stream bytes = bundle.Open();
                    await store.SaveAsync(layer, bytes, content, CancellationToken.None);
                    logger.LogDebug("Layer bundle kept {Digest}, {Bytes} bytes", layer, bytes.Length);
                }
            }
        }
        catch (Exception failure)
        {
            logger.LogWarning("Layer bundle lost {Digest}: {Reason}", layer, HostileText.Plain(failure.Message, 1_000));
        }
    }
}
