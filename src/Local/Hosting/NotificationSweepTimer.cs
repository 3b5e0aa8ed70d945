using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Sends notifications that are overdue, as often as the Functions host does by <see cref="NotificationSweep.Schedule"/>.</summary>
internal sealed class NotificationSweepTimer(NotificationSweep sweep, TimeProvider time, ILogger<NotificationSweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(NotificationSweep.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await sweep.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Notifications not looked at: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
