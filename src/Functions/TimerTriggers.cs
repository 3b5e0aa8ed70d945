using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Vulnerabilities.Publication;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>What is done by the clock; the host runs each on one instance only.</summary>
public sealed class TimerTriggers(
    StorageSweep sweep, AdvisoryRefreshTimer refresh, ImageRematch rematch, JobSweep jobs, WatchedImages watched, ClusterHeartbeat heartbeat,
    ExceptionSweep exceptions)
{
    [Function("StorageSweep")]
    public Task StorageSweep([TimerTrigger(Core.Scans.StorageSweep.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        sweep.RunAsync(cancellationToken);

    [Function("AdvisoryRefresh")]
    public Task AdvisoryRefresh([TimerTrigger(AdvisoryRefreshTimer.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        refresh.RunAsync(cancellationToken);

    [Function("ImageRematch")]
    public Task ImageRematch([TimerTrigger(Core.Scans.ImageRematch.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        rematch.RunAsync(cancellationToken);

    [Function("JobSweep")]
    public Task JobSweep([TimerTrigger(Core.Scans.JobSweep.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        jobs.RunAsync(cancellationToken);

    [Function("WatchedImages")]
    public Task WatchedImages([TimerTrigger(Core.Scans.WatchedImages.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        watched.RunAsync(cancellationToken);

    [Function("ClusterHeartbeat")]
    public Task ClusterHeartbeat([TimerTrigger(Core.Scans.Clusters.ClusterHeartbeat.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        heartbeat.RunAsync(cancellationToken);

    [Function("ExceptionSweep")]
    public Task ExceptionSweep([TimerTrigger(Core.Scans.Suppression.ExceptionSweep.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        exceptions.RunAsync(cancellationToken);
}
