using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Scans;

/// <summary>
/// The steps of a scan, in order. <see cref="ResolveAsync"/> and <see cref="PlanAsync"/> ask the registry and the store what is known;
/// <see cref="FinishAsync"/> reads the rest. All may run twice, or stop half-way, and the end is the same.
/// </summary>
public sealed class ImageScanner(
    LayerReading layers, AdvisorySnapshots advisories, ScanStore? store, ImageRematch? rematch, ScanNotifications? notifications, TimeProvider time)
{
    /// <summary>
    /// Resolves the name, and answers from what is stored unless the request forces a new reading; a stored match that is older than the
    /// advisories is worked out again from the stored inventory, without a pull. Throws <see cref="RegistryException"/>.
    /// </summary>
    public Task<ScanTarget> ResolveAsync(ScanRequest request, IImageSource source, CancellationToken cancellationToken) =>
        ScanTelemetry.PhaseAsync(SpanNames.Resolve, async span =>
        {
            ScanTarget target = await AskAsync(request, source, cancellationToken);
            span?.SetTag(SpanTags.Registry, request.Image.Registry).SetTag(SpanTags.Image, $"{target.Descriptor.Digest}");
            return target;
        });

    private async Task<ScanTarget> AskAsync(ScanRequest request, IImageSource source, CancellationToken cancellationToken)
    {
        // Before anything is pulled: without the advisories that the settings name, no scan can end.
        await advisories.ReadyAsync(cancellationToken);
        _ = advisories.Current();

        // The registry is asked even for a name with a digest: only what answers there belongs to the name.
        Descriptor target = await source.ResolveAsync(cancellationToken);
        return new ScanTarget(target, await FindStoredAsync(request, target, cancellationToken));
    }

    /// <summary>The stored answer to a request whose name points at <paramref name="target"/>, up to date; null if the image must be read.</summary>
    public async Task<Scan?> FindStoredAsync(ScanRequest request, Descriptor target, CancellationToken cancellationToken)
    {
        if (store is null || request.Force)
        {
            return null;
        }

        Digest id = await store.FindAliasAsync(target.Digest, request.Platform ?? Platform.Default, cancellationToken) ?? target.Digest;
        return await StoredAsync(request, id, isThere: true, cancellationToken);
    }

    /// <summary>
    /// The stored answer to a request whose registry cannot be asked from here: there may be one if the name has a digest, and the image has been
    /// seen in that repository before, since a digest alone says nothing about who may know what it stands for. Null if there is none.
    /// </summary>
    public async Task<Scan?> FindStoredAsync(ScanRequest request, CancellationToken cancellationToken)
    {
        if (store is null || request.Force || request.Image.Digest is not { } digest)
        {
            return null;
        }

        await advisories.ReadyAsync(cancellationToken);
        Digest id = await store.FindAliasAsync(digest, request.Platform ?? Platform.Default, cancellationToken) ?? digest;
        return await store.FindAsync(id, cancellationToken) is { } seen
            && seen.Names.Any(name => (name.Registry, name.Remote) == (request.Image.Registry, request.Image.Remote))
            ? await StoredAsync(request, id, isThere: false, cancellationToken)
            : null;
    }

    /// <summary>
    /// Reads manifest and configuration of what the name points at, and says which layers are known. Throws <see cref="RegistryException"/>.
    /// </summary>
    public Task<ScanPlan> PlanAsync(ScanRequest request, IImageSource source, ScanTarget target, CancellationToken cancellationToken) =>
        ScanTelemetry.PhaseAsync(SpanNames.Plan, _ => ReadPlanAsync(request, source, target, cancellationToken));

    private async Task<ScanPlan> ReadPlanAsync(ScanRequest request, IImageSource source, ScanTarget target, CancellationToken cancellationToken)
    {
        if (target.Answer is { } answer)
        {
            return new ScanPlan { Request = request, Source = source, Answer = answer };
        }

        ImageManifest manifest = await source.ReadManifestAsync(target.Descriptor, request.Platform ?? Platform.Default, cancellationToken);
        await RememberIndexAsync(request, manifest, cancellationToken);

        // An index is not what its image is stored under; under its own digest it has been looked for.
        if (manifest.Digest != target.Descriptor.Digest && await StoredAsync(request, manifest, cancellationToken) is { } sameImage)
        {
            return new ScanPlan { Request = request, Source = source, Answer = sameImage };
        }

        Task<ImageConfig> reading = source.ReadConfigAsync(manifest, cancellationToken);
        Task<string?> use = UseLayersAsync(manifest, cancellationToken);
        await Task.WhenAll(reading, use);
        ImageConfig config = await reading;
        RefuseOtherPlatform(request, PlatformOf(config, request));
        IReadOnlyDictionary<Digest, LayerInventory> known = await layers.FindKnownAsync(
            request.Force ? manifest.Layers.Where(layer => request.LayersRead.Contains(layer.Digest)) : manifest.Layers, cancellationToken);
        return new ScanPlan
        {
            Request = request,
            Source = source,
            Manifest = manifest,
            Config = config,
            UseMark = await use,
            Known = known,
            Unread =
            [
                .. manifest.Layers.Where(layer => !known.ContainsKey(layer.Digest)).DistinctBy(layer => layer.Digest)
                    .OrderByDescending(layer => layer.Size),
            ],
        };
    }

    /// <summary>
    /// Reads the unread layers, merges all of them, matches, and saves the result, whole or not at all. Throws
    /// <see cref="RegistryException"/>; what a layer holds that cannot be read is a warning in the result instead.
    /// </summary>
    public async Task<Scan> FinishAsync(ScanPlan plan, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        if (plan.Answer is { } answer)
        {
            return answer;
        }

        ImageManifest manifest = plan.Manifest!;
        IReadOnlyDictionary<Digest, LayerInventory> read =
            await ScanTelemetry.PhaseAsync(SpanNames.Layers, _ => layers.ReadAsync(plan, progress, cancellationToken));
        progress?.Report(new ScanProgress("matching", manifest.Layers.Count, manifest.Layers.Count));
        ImageInventory inventory = ScanTelemetry.Phase(
            SpanNames.Merge, () => LayerMerge.Of([.. manifest.Layers.Select(layer => read[layer.Digest])], cancellationToken));
        inventory = inventory with { Warnings = [.. OmissionsOf(plan.Config!), .. inventory.Warnings] };

        // Reading may have taken minutes, or have been begun by another process: the newest there is now, and one for the whole match.
        await advisories.ReadyAsync(cancellationToken);
        var scan = new Scan
        {
            Id = IdOf(manifest),
            Platform = PlatformOf(plan.Config!, plan.Request),
            Manifest = manifest,
            Config = plan.Config!,
            Inventory = inventory,
            Match = ScanTelemetry.Phase(SpanNames.Match, () => AdvisoryMatcher.Match(inventory, advisories.Current())),
            DetectorsVersion = layers.DetectorsVersion,
            Names = [plan.Request.Image],
            ScannedAt = time.GetUtcNow(),
            Cluster = plan.Request.Cluster,
            ReadFrom = plan.Source.Origin,
        };
        CountFindings(scan.Match);
        return await ScanTelemetry.PhaseAsync(SpanNames.Save, span =>
        {
            span?.SetTag(SpanTags.Image, $"{scan.Id}");
            return SaveAsync(scan, plan, cancellationToken);
        });
    }

    private Task<Scan?> StoredAsync(ScanRequest request, ImageManifest manifest, CancellationToken cancellationToken) =>
        store is null || request.Force || manifest.Digest is null
            ? Task.FromResult<Scan?>(null)
            : StoredAsync(request, manifest.Digest, isThere: true, cancellationToken);

    // Whether it is there says its registry alone: who could not ask takes no word of its being gone back.
    private async Task<Scan?> StoredAsync(ScanRequest request, Digest id, bool isThere, CancellationToken cancellationToken)
    {
        if (await store!.FindAsync(id, cancellationToken) is not { } stored)
        {
            return null;
        }

        RefuseOtherPlatform(request, stored.Platform);
        if (stored.DetectorsVersion != layers.DetectorsVersion)
        {
            return null;
        }

        if (await rematch!.RefreshAsync(stored, cancellationToken) is not { } current)
        {
            // Whoever replaced it meanwhile knows no less.
            return await StoredAsync(request, id, isThere, cancellationToken);
        }

        stored = current;
        await store.UseAsync(stored, cancellationToken);
        bool isKnown = stored.Names.Contains(request.Image) && !stored.GoneNames.Contains(request.Image.FullName);
        if (isKnown || (!isThere && stored.GoneNames.Count > 0))
        {
            return stored;
        }

        // Null only if the image was deleted meanwhile: then this answer is the last one that has it.
        IReadOnlyList<ImageReference>? names = await store.AddNameAsync(id, request.Image, cancellationToken);
        return stored with { Names = names ?? [request.Image], RemovedAt = null };
    }

    private async Task RememberIndexAsync(ScanRequest request, ImageManifest manifest, CancellationToken cancellationToken)
    {
        if (store is not null && manifest is { Index: { } index, Digest: { } digest })
        {
            await store.SaveAliasAsync(index, request.Platform ?? Platform.Default, digest, cancellationToken);
        }
    }

    // Before it is looked which of them are known: what is known must stay, whatever image is removed meanwhile.
    private Task<string?> UseLayersAsync(ImageManifest manifest, CancellationToken cancellationToken) =>
        store is null ? Task.FromResult<string?>(null) : store.UseLayersAsync(IdOf(manifest), manifest.Layers, cancellationToken);

    private async Task<Scan> SaveAsync(Scan scan, ScanPlan plan, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return scan with { SavedAt = scan.ScannedAt };
        }

        IReadOnlyList<Notification> written = notifications is null ? [] : await notifications.OfScanAsync(scan, plan.Request, cancellationToken);
        Scan saved = await store.SaveAsync(scan, ScanStatistics.Of(scan), plan.UseMark, cancellationToken);

        // Where a newer scan is stored instead, the sweep looks what of it is true.
        if (written.Count > 0 && saved.ScannedAt == scan.ScannedAt)
        {
            await notifications!.SendAsync(written, cancellationToken);
        }

        return saved;
    }

    private static void CountFindings(MatchOutcome match)
    {
        foreach (IGrouping<Severity, Finding> severity in match.Packages.SelectMany(package => package.Findings).GroupBy(finding => finding.Severity))
        {
            ScanMetrics.Found($"{severity.Key}".ToLowerInvariant(), severity.Count());
        }
    }

    private static Digest IdOf(ImageManifest manifest) => manifest.Digest ?? manifest.Config.Digest;

    private static Platform PlatformOf(ImageConfig config, ScanRequest request)
    {
        Platform asked = request.Platform ?? Platform.Default;
        return new Platform(
            config.Os.Length > 0 ? config.Os : asked.Os,
            config.Architecture.Length > 0 ? config.Architecture : asked.Architecture,
            config.Variant.Length > 0 ? config.Variant : request.Platform?.Variant);
    }

    // A single manifest is for one platform only; whoever asked for another must not get its findings.
    private static void RefuseOtherPlatform(ScanRequest request, Platform actual)
    {
        if (request.Platform is { } asked && !asked.Accepts(actual))
        {
            throw new RegistryException($"{request.Image.FullName} is for {actual}, not for {asked}.");
        }
    }

    private static IEnumerable<InventoryWarning> OmissionsOf(ImageConfig config) =>
        config.Omissions.Select(omission => new InventoryWarning("", omission));
}
