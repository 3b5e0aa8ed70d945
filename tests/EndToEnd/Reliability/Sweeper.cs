using ImageScan.Core;
using ImageScan.Core.Access;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// The timers of a deployment, which the Functions host runs whichever instance lives: here they come sooner, by a clock that is ahead.
/// </summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Sweeper(ServiceProvider services) => _services = services;

    /// <param name="settings">Those of a worker.</param>
    /// <param name="ahead">How far its time of day is ahead.</param>
    public static Sweeper Ahead(IReadOnlyDictionary<string, string> settings, TimeSpan ahead)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
            .Build();
        return new Sweeper(
            new ServiceCollection().AddSingleton<TimeProvider>(new AheadTime(ahead)).AddImageScan(configuration, AccessMode.Loopback).BuildServiceProvider());
    }

    /// <summary>Removes what nobody points to any more, and old jobs.</summary>
    public Task SweepStorageAsync(CancellationToken cancellationToken) => _services.GetRequiredService<StorageSweep>().RunAsync(cancellationToken);

    /// <summary>Takes up, or fails, the jobs that nobody works on any more.</summary>
    public Task SweepJobsAsync(CancellationToken cancellationToken) => _services.GetRequiredService<JobSweep>().RunAsync(cancellationToken);

    /// <summary>The ids of jobs that are not done and have not failed.</summary>
    public async Task<IReadOnlyList<string>> OpenJobsAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var open = new List<string>();
        foreach (string id in ids)
        {
            if (await _services.GetRequiredService<JobStore>().FindAsync(id, cancellationToken) is { IsOpen: true } job)
            {
                open.Add($"{id} of {job.ImageName}: {job.State}, held by {job.Holder ?? "nobody"}, changed {job.ChangedAt:u}");
            }
        }

        return open;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class AheadTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
