using ImageScan.Core.Images;
using ImageScan.Core.Scans.Suppression;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Ends exceptions that are over, as often as the Functions host does by <see cref="ExceptionSweep.Schedule"/>.</summary>
internal sealed class ExceptionSweepTimer(ExceptionSweep sweep, TimeProvider time, ILogger<ExceptionSweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(ExceptionSweep.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                logger.LogWarning("Exceptions not looked at: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
