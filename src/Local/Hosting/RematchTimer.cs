using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Matches stored images with newer advisories, as often as the Functions host does by <see cref="ImageRematch.Schedule"/>.</summary>
internal sealed class RematchTimer(ImageRematch rematch, TimeProvider time, ILogger<RematchTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(ImageRematch.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await rematch.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Rematch failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
