using ImageScan.Core.Images;
using ImageScan.Core.Layers;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sweeps;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Removes what is older than it is kept for, and what nobody points to any more. For a timer, once a day: it goes through the keys of all tables,
/// and where they are too many for one run, the next goes on. May run twice, beside itself, and beside scans.
/// </summary>
public sealed class StorageSweep(
    ImageRemoval removal,
    ScanStore scans,
    ImageSweep images,
    LayerSweep layers,
    ListSweep lists,
    OldJobs jobs,
    OldRows old,
    SweepMemory memory,
    LayerReading reading,
    RetentionSettings retention,
    LayerSettings keeping,
    TimeProvider time,
    ILogger<StorageSweep> logger)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: at 03:17 UTC, an hour when little is scanned and few other timers run.</summary>
    public const string Schedule = "0 17 3 * * *";

    // Two sets of detectors are at work while a deployment rolls, and again if it is rolled back.
    private static readonly TimeSpan DetectorsAge = TimeSpan.FromDays(30);

    // Whoever asks why a token is worth nothing any more still finds it.
    private static readonly TimeSpan TokensAge = TimeSpan.FromDays(30);

    // Between the rows of a job and of its claim are milliseconds; clocks may be minutes apart.
    private static readonly TimeSpan ClaimedBy = TimeSpan.FromHours(1);

    private const int RemovalsSideBySide = 4;

    /// <summary>How long a run goes on: a Functions host ends it after the functionTimeout of host.json, ten minutes.</summary>
    public TimeSpan LongestRun { get; init; } = TimeSpan.FromMinutes(8);

    private delegate Task<SweepPart> Part(string after, SweepTime until);

    /// <summary>Sweeps once, at most eight minutes, and returns how many things were removed. Throws <see cref="StorageException"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        LayerSweepRules rules = await RulesAsync(now, cancellationToken);
        int removed = await OldResultsAsync(now, new SweepTime(time, LongestRun / 3), cancellationToken);
        ImageKeys keys = await images.StoredAsync(cancellationToken);
        (string Name, Part SweepAsync)[] parts =
        [
            ("jobs", (after, until) => jobs.SweepAsync(after, now - TimeSpan.FromDays(retention.JobDays), now - ClaimedBy, until, cancellationToken)),
            ("audit", (_, until) => old.AuditAsync(now - TimeSpan.FromDays(retention.AuditDays), until, cancellationToken)),
            ("api-tokens", (_, until) => old.TokensAsync(now - TokensAge, until, cancellationToken)),
            ("aliases", (after, until) => images.AliasesAsync(keys, after, until, cancellationToken)),
            ("changes", (after, until) => images.ChangesAsync(keys, after, until, cancellationToken)),
            ("signatures", (after, until) => images.SignaturesAsync(keys, after, until, cancellationToken)),
            ("image-contents", (after, until) => images.ContentsAsync(after, until, cancellationToken)),
            ("lists", (after, until) => lists.SweepAsync(ScanStatistics.Of, after, until, cancellationToken)),
            ("layers", (after, until) => layers.RowsAsync(keys, rules, after, until, cancellationToken)),
            ("layer-contents", (after, until) => layers.ContentsAsync(after, until, cancellationToken)),
            ("bundles", (after, until) => layers.BundlesAsync(after, until, cancellationToken)),
        ];
        for (int i = 0; i < parts.Length; i++)
        {
            // Each part has its share of what is left, so that none keeps another from ever being done.
            TimeSpan left = LongestRun - time.GetElapsedTime(begun);
            string after = await memory.PlaceAsync(parts[i].Name, cancellationToken);
            SweepPart part = await parts[i].SweepAsync(after, new SweepTime(time, left / (parts.Length - i)));
            await memory.KeepPlaceAsync(parts[i].Name, part.StoppedAt, cancellationToken);
            removed += part.Removed;
            logger.LogInformation(
                "Storage sweep of {Part} done, {Removed} removed, {End}",
                parts[i].Name,
                part.Removed,
                part.StoppedAt is null ? "to its end" : "to be continued");
        }

        return removed;
    }

    private async Task<LayerSweepRules> RulesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset since = now - DetectorsAge;
        IReadOnlySet<string> detectors = await memory.DetectorsAtWorkAsync(reading.DetectorsVersion, now, since, cancellationToken);
        return new LayerSweepRules(BundlesBefore(now), detectors, since);
    }

    // What was kept before Layers__KeepBodies was taken back goes at once.
    private DateTimeOffset? BundlesBefore(DateTimeOffset now) =>
        !keeping.KeepBodies ? DateTimeOffset.MaxValue
        : retention.BundleDays > 0 ? now - TimeSpan.FromDays(retention.BundleDays)
        : null;

    private async Task<int> OldResultsAsync(DateTimeOffset now, SweepTime until, CancellationToken cancellationToken)
    {
        DateTimeOffset usedBefore = now - TimeSpan.FromDays(retention.ResultDays);
        DateTimeOffset removedBefore = now - TimeSpan.FromDays(retention.RemovedDays);
        int gone = retention.RemovedDays == 0 ? 0 : await RemoveAsync(
            scans.RemovedBeforeAsync(removedBefore, cancellationToken),
            (image, token) => removal.RemoveGoneAsync(image, removedBefore, token),
            until,
            cancellationToken);
        return gone + (retention.ResultDays == 0 ? 0 : await RemoveAsync(
            scans.UsedBeforeAsync(usedBefore, cancellationToken),
            (image, token) => removal.RemoveAsync(image, usedBefore, token),
            until,
            cancellationToken));
    }

    private static async Task<int> RemoveAsync(
        IAsyncEnumerable<Digest> images, Func<Digest, CancellationToken, Task<bool>> removeAsync, SweepTime until, CancellationToken cancellationToken)
    {
        int removed = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = RemovalsSideBySide, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            images.TakeWhile(_ => !until.IsOver),
            options,
            async (image, token) =>
            {
                if (await removeAsync(image, token))
                {
                    Interlocked.Increment(ref removed);
                }
            });
        return removed;
    }
}
