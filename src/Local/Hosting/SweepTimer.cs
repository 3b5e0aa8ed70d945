using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Sweeps the storage an hour after the start and once a day from then on.</summary>
internal sealed class SweepTimer(StorageSweep sweep, TimeProvider time, ILogger<SweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (TimeSpan pause = TimeSpan.FromHours(1); ; pause = TimeSpan.FromDays(1))
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                logger.LogWarning("Storage sweep failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
