using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// Shows in the stored job how far its holder is: at most once every <see cref="Rate"/> where there is news, and once every
/// <see cref="ScanSettings.BeatEvery"/> in any case, so that the holder does not count as dead.
/// </summary>
internal sealed class JobProgress(JobStore jobs, ScanJob job, ScanSettings settings, TimeProvider time, ILogger logger) : IProgress<ScanProgress>
{
    // Of the steps before this one; a job that is taken up again and again has many.
    private const int MaxPhases = 50;

    private static readonly TimeSpan Rate = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, ScanProgress> _read = [];
    private readonly List<JobPhase> _phases = [.. job.Phases.TakeLast(MaxPhases)];
    private IReadOnlyList<JobLayer> _layers = [];
    private ScanJobState _state = job.State;
    private string _phase = job.FanOuts > 0 ? "joining" : "planning";
    private long _phaseBegan = time.GetTimestamp();
    private bool _hasNews;

    /// <summary>
    /// Says what the image is made of, without the media types that its manifest claims: they may be anything, and of all layers they would not fit
    /// into the job's row.
    /// </summary>
    public void Plan(ScanPlan plan)
    {
        if (plan.Manifest is { } manifest)
        {
            lock (_lock)
            {
                _layers =
                [
                    .. manifest.Layers.DistinctBy(layer => layer.Digest).Select(layer => new JobLayer(layer.Digest, "", layer.Size)
                    {
                        State = plan.Known.ContainsKey(layer.Digest) ? JobLayerState.Known : JobLayerState.Waiting,
                        Packages = plan.Known.GetValueOrDefault(layer.Digest)?.CountPackages(),
                    }),
                ];
            }
        }
    }

    public void Report(ScanProgress value)
    {
        lock (_lock)
        {
            _hasNews = true;
            if (value.Layer is { } layer)
            {
                _read[layer] = value;
            }

            if (value.Step != _phase)
            {
                EndPhase(value.Step);
                _state = value.Step == "matching" ? ScanJobState.Matching : ScanJobState.Reading;
            }
        }
    }

    /// <summary>The stored job with what is known here; after it has ended, with the phase that ended it.</summary>
    public ScanJob ApplyTo(ScanJob stored)
    {
        lock (_lock)
        {
            return stored with
            {
                State = _state,
                Beats = stored.Beats + 1,
                Layers = _layers.Count == 0 ? stored.Layers : [.. _layers.Select(WithBytes)],
                Phases = [.. _phases, new JobPhase(_phase, (long)time.GetElapsedTime(_phaseBegan).TotalMilliseconds)],
            };
        }
    }

    /// <summary>Writes until the token ends.</summary>
    public async Task KeepAsync(CancellationToken done)
    {
        for (TimeSpan silent = TimeSpan.Zero; ; silent += Rate)
        {
            await Task.Delay(Rate < settings.BeatEvery ? Rate : settings.BeatEvery, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            if (Interlocked.Exchange(ref _hasNews, false) || silent + Rate >= settings.BeatEvery)
            {
                silent = TimeSpan.Zero;
                await TryWriteAsync();
            }
        }
    }

    private async Task TryWriteAsync()
    {
        try
        {
            await jobs.UpdateAsync(job.Id, stored => stored.IsOpen && stored.Holder == Instance.Name ? ApplyTo(stored) : stored, CancellationToken.None);
        }
        catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
        {
            // The scan goes on; storage may be back before anybody takes us for dead.
            logger.LogWarning("Job progress could not be saved {Job}: {Reason}", job.Id, HostileText.Plain(failure.Message, 1_000));
        }
    }

    private JobLayer WithBytes(JobLayer layer) => !_read.TryGetValue(layer.Digest, out ScanProgress? read)
        ? layer
        : layer with
        {
            State = read.IsLayerDone ? JobLayerState.Done : JobLayerState.Reading,
            BytesRead = read.LayerBytes,
            Packages = read.LayerPackages,
            Attempts = 1,
        };

    private void EndPhase(string next)
    {
        _phases.Add(new JobPhase(_phase, (long)time.GetElapsedTime(_phaseBegan).TotalMilliseconds));
        _phase = next;
        _phaseBegan = time.GetTimestamp();
    }
}
