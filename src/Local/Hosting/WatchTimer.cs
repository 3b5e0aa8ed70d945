using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Looks at watched images, as often as the Functions host does by <see cref="WatchedImages.Schedule"/>.</summary>
internal sealed class WatchTimer(WatchedImages watched, TimeProvider time, ILogger<WatchTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(WatchedImages.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await watched.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Watched images not looked at: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
