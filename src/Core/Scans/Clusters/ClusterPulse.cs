using ImageScan.Core.Images;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>The heartbeats of this cluster as long as the process runs; nothing where this deployment is none.</summary>
public sealed class ClusterPulse(ClusterHeartbeat heartbeat, ClusterSettings settings, TimeProvider time, ILogger<ClusterPulse> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.IsCluster && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await heartbeat.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Storage may be back for the next one; without any, the cluster would be gone for good.
                logger.LogWarning("Cluster heartbeat failed {Cluster}: {Reason}", settings.Name, HostileText.Plain(failure.Message, 1_000));
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(settings.BeatEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
