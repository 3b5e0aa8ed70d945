using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Matches stored images again when there are newer advisories: five minutes after the start, and every five minutes from then on.</summary>
internal sealed class RematchTimer(ImageRematch rematch, TimeProvider time, ILogger<RematchTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(ImageRematch.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await rematch.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Rematch failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
