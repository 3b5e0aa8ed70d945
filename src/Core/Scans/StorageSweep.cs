using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>Removes what nobody points to any more: contents without a commit row, and the rows of old jobs. For a timer, once a day.</summary>
public sealed class StorageSweep(ScanStore scans, LayerStore layers, JobStore jobs, ScanSettings settings, TimeProvider time, ILogger<StorageSweep> logger)
{
    /// <summary>When the Functions host runs it, as NCRONTAB: at 03:17 UTC, an hour when little is scanned and few other timers run.</summary>
    public const string Schedule = "0 17 3 * * *";

    /// <summary>Sweeps once; may run twice, or beside itself. Throws <see cref="StorageException"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int contents = await scans.SweepAsync(cancellationToken) + await layers.SweepAsync(cancellationToken);
        int oldJobs = await jobs.SweepAsync(time.GetUtcNow() - TimeSpan.FromDays(settings.JobDays), cancellationToken);
        logger.LogInformation("Storage sweep done, {Contents} contents and {Jobs} jobs removed", contents, oldJobs);
    }
}
