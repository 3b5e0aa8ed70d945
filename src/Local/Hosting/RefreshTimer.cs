using ImageScan.Core.Images;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>
/// Refreshes the advisories if <c>Advisories__Refresh</c> says so: at the start, when it is due, and each hour from then on. Without the
/// setting this machine asks nobody.
/// </summary>
internal sealed class RefreshTimer(AdvisoryRefreshTimer refresh, AdvisorySettings settings, TimeProvider time, ILogger<RefreshTimer> logger) : BackgroundService
{
    // The lease of a process that was killed lasts for the rest of its minute.
    private static readonly TimeSpan PauseWhileBusy = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.Refresh == true && !stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause = AdvisoryRefreshTimer.Interval;
            try
            {
                pause = await refresh.RunAsync(Timeout.InfiniteTimeSpan, stoppingToken) == RefreshTurn.Busy ? PauseWhileBusy : pause;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Advisory refresh failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
