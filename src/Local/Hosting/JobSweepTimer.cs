using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Local.Hosting;

/// <summary>Takes up lost jobs, as often as the Functions host does by <see cref="JobSweep.Schedule"/>.</summary>
internal sealed class JobSweepTimer(JobSweep sweep, TimeProvider time, ILogger<JobSweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(JobSweep.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                logger.LogWarning("Job sweep failed: {Reason}", HostileText.Plain(failure.Message, int.MaxValue));
            }
        }
    }
}
