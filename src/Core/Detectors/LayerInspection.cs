using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors;

/// <summary>Reads one layer, once, as a stream, and says what is in it. Without state: one instance serves every layer.</summary>
public sealed class LayerInspection(IReadOnlyList<IPackageDetector> detectors, LayerLimits layerLimits, InspectionLimits limits)
{
    /// <summary>
    /// <see cref="LayerInventory.DetectorsVersion"/> of what this makes: the detectors and, as a hash, the limits. Whoever raises a limit as a
    /// warning advised has the layer read again.
    /// </summary>
    public string DetectorsVersion { get; } = $"{PackageDetectors.VersionsOf(detectors)};limits:{HashOf(layerLimits, limits)}";

    /// <summary>
    /// What the layer says. An archive that is broken or over a limit gives what stood before that, with a warning; the blob is read to its
    /// end all the same, since only there its digest is checked, and stored under a digest is only what belongs to it. Throws what the blob's
    /// stream throws, and <see cref="LayerLimitException"/> for a blob that is too large to be checked
    /// (<see cref="LayerLimits.LayerCompressedBytes"/>).
    /// </summary>
    /// <param name="open">Opens the blob, a second time if wanted files are hard links to others.</param>
    /// <param name="mediaType">What the manifest calls it.</param>
    /// <param name="cancellationToken">Ends the reading between two entries, and the waiting for memory within one.</param>
    public Task<LayerInventory> ReadAsync(Func<CancellationToken, Task<Stream>> open, string mediaType, CancellationToken cancellationToken) =>
        ReadAsync(open, mediaType, recorder: null, cancellationToken);

    /// <summary>As <see cref="ReadAsync(Func{CancellationToken, Task{Stream}}, string, CancellationToken)"/>, and records a bundle.</summary>
    /// <param name="open">Opens the blob, a second time if wanted files are hard links to others.</param>
    /// <param name="mediaType">What the manifest calls it.</param>
    /// <param name="recorder">A new one by <see cref="NewRecorder"/>; null if the layer is not kept.</param>
    /// <param name="cancellationToken">Ends the reading between two entries, and the waiting for memory within one.</param>
    public async Task<LayerInventory> ReadAsync(
        Func<CancellationToken, Task<Stream>> open, string mediaType, BundleRecorder? recorder, CancellationToken cancellationToken)
    {
        LayerContents contents = NewContents(recorder, cancellationToken);
        var bodies = new HardLinkBodies(layerLimits);
        await WalkAsync(open, mediaType, contents, recorder, walker => TakeEntries(walker, contents, bodies, recorder, cancellationToken), cancellationToken);
        if (bodies.Any)
        {
            BundleWriter? bundle = recorder?.BeginLinks();
            await WalkAsync(open, mediaType, contents, recorder, walker => TakeBodies(walker, contents, bodies, bundle, cancellationToken), cancellationToken);
        }

        return contents.ToInventory() with { DetectorsVersion = DetectorsVersion };
    }

    /// <summary>What records one layer while it is read.</summary>
    public BundleRecorder NewRecorder(LayerSettings keeping) => new(detectors, keeping);

    /// <summary>
    /// What a layer says by what is kept of it: the same as by the layer itself under the same limits, or that not enough is kept. Never throws for what
    /// the bundle holds.
    /// </summary>
    /// <param name="bundle">Stays open.</param>
    /// <param name="cancellationToken">Ends the reading between two entries, and the waiting for memory within one.</param>
    public Task<BundleReading> ReadBundleAsync(LayerBundle bundle, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return new BundleReading(ReadBundle(bundle, cancellationToken), "");
            }
            catch (Exception insufficient) when (insufficient is OmittedBodyException or LayerException)
            {
                return new BundleReading(null, insufficient.Message);
            }
        },
        cancellationToken);

    // A record's text names every member with its value.
    private static string HashOf(LayerLimits layerLimits, InspectionLimits limits) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{layerLimits}{limits}")).ToString("x16", CultureInfo.InvariantCulture);

    private LayerContents NewContents(BundleRecorder? recorder, CancellationToken cancellationToken) =>
        new(detectors, new CandidateBudget(layerLimits), limits, recorder, cancellationToken);

    private LayerInventory ReadBundle(LayerBundle bundle, CancellationToken cancellationToken)
    {
        LayerContents contents = NewContents(recorder: null, cancellationToken);
        var bodies = new HardLinkBodies(layerLimits);
        WalkBundle(bundle.OpenEntries(), walker => TakeEntries(walker, contents, bodies, recorder: null, cancellationToken));
        if (bodies.Any && !bundle.HasLinks)
        {
            throw new OmittedBodyException("It has not kept the bodies of hard links, which are wanted now.");
        }

        if (bodies.Any)
        {
            WalkBundle(bundle.OpenLinks(), walker => TakeBodies(walker, contents, bodies, bundle: null, cancellationToken));
        }

        return contents.ToInventory() with { DetectorsVersion = DetectorsVersion };
    }

    private void WalkBundle(Stream archive, Action<LayerWalker> take)
    {
        using var walker = LayerWalker.OverBundle(archive, layerLimits);
        take(walker);
        if (walker.Warnings.Count > 0)
        {
            throw new MalformedLayerException(walker.Warnings[0].Reason);
        }
    }

    private async Task WalkAsync(
        Func<CancellationToken, Task<Stream>> open,
        string mediaType,
        LayerContents contents,
        BundleRecorder? recorder,
        Action<LayerWalker> take,
        CancellationToken cancellationToken)
    {
        await using Stream blob = await open(cancellationToken);

        // Expanding and walking keeps a thread busy, also where the blob comes from memory.
        await Task.Run(() => Walk(blob, mediaType, contents, recorder, take, cancellationToken), cancellationToken);
    }

    private void Walk(
        Stream blob,
        string mediaType,
        LayerContents contents,
        BundleRecorder? recorder,
        Action<LayerWalker> take,
        CancellationToken cancellationToken)
    {
        using var ahead = new ReadAheadStream(blob, cancellationToken);
        using var walker = new LayerWalker(ahead, mediaType, layerLimits);
        try
        {
            take(walker);
        }
        catch (LayerException e) when (e is not LayerLimitException { Limit: nameof(LayerLimits.LayerCompressedBytes) })
        {
            contents.Warn("", e.Message);
            recorder?.Refuse(e.Message);
            Drain(ahead, walker.CompressedBytes, cancellationToken);
        }

        foreach (LayerWarning warning in walker.Warnings)
        {
            contents.Warn(warning.Path, warning.Reason);

            // They are about bytes that no bundle has. Of such a layer, which no builder makes, none is kept.
            recorder?.Refuse(warning.Reason);
        }
    }

    private static void TakeEntries(
        LayerWalker walker, LayerContents contents, HardLinkBodies bodies, BundleRecorder? recorder, CancellationToken cancellationToken)
    {
        while (walker.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LayerEntry entry = walker.Current;
            bool isWantedLink = contents.Take(entry, walker.Content);
            recorder?.End(entry, walker.Content);
            if (isWantedLink)
            {
                bodies.Want(entry, walker.Position);
            }
            else if (entry.Kind == LayerEntryKind.HardLink)
            {
                bodies.See(entry);
            }
        }
    }

    private static void TakeBodies(
        LayerWalker walker, LayerContents contents, HardLinkBodies bodies, BundleWriter? bundle, CancellationToken cancellationToken)
    {
        foreach (LinkedBody body in bodies.ReadInto(walker, bundle))
        {
            cancellationToken.ThrowIfCancellationRequested();
            contents.TakeLinked(body.Entry, body.Content);
        }

        foreach (LayerWarning missing in bodies.Missing)
        {
            contents.WarnOfUnreadLink(missing.Path, missing.Reason);
        }
    }

    private void Drain(Stream blob, long alreadyRead, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        for (int read; (read = blob.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            alreadyRead += read;
            if (alreadyRead > layerLimits.LayerCompressedBytes)
            {
                throw new LayerLimitException("is too large a blob", nameof(LayerLimits.LayerCompressedBytes), layerLimits.LayerCompressedBytes);
            }
        }
    }
}
