using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>Looks for newly published snapshots as long as the process runs; after failures more seldom, up to every half hour.</summary>
public sealed class SnapshotWatch(AdvisorySnapshots snapshots, AdvisorySettings settings, TimeProvider time, ILogger<SnapshotWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!snapshots.IsPublished)
        {
            return;
        }

        int failures = 0;
        for (Func<Task<bool>> poll = snapshots.FirstPollAsync; ; poll = () => snapshots.PollAsync(stoppingToken))
        {
            try
            {
                failures = await poll().WaitAsync(stoppingToken) ? 0 : failures + 1;
                await Task.Delay(PauseAfter(failures), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever one look ran into, the next must come, or this process would never learn of newer advisories.
                logger.LogError(failure, "Advisory snapshot poll broke");
                failures++;
                await Task.Delay(PauseAfter(failures), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A tenth of chance, or instances that were started together would always ask together.
    private TimeSpan PauseAfter(int failures)
    {
        double seconds = settings.PollSeconds * Math.Pow(2, Math.Min(failures, 10)) * (0.9 + (0.2 * Random.Shared.NextDouble()));
        return failures == 0 || seconds < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestPause;
    }
}
