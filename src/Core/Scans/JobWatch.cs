using System.Collections.Concurrent;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans;

/// <summary>
/// Waits for the ends of jobs. However many callers of this process wait for one, its row is looked at once, at most once a second; a job that
/// ends in this process wakes them at once.
/// </summary>
public sealed class JobWatch(JobStore jobs, ScanStore store, JobResumption resumption, ScanSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Task<Scan?>> _here = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Says that the job is worked on in this process: there is nothing to look for until that ends.</summary>
    public void WorksHere(string jobId, Task<Scan?> work)
    {
        _here[jobId] = work;
        _ = work.ContinueWith(
            _ => _here.TryRemove(new KeyValuePair<string, Task<Scan?>>(jobId, work)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>
    /// The result of a job, once it is there. Throws what has failed it: <see cref="RegistryException"/> or <see cref="ScanException"/>; and
    /// <see cref="OperationCanceledException"/> to whoever waits no longer.
    /// </summary>
    public async Task<Scan> ResultAsync(string jobId, CancellationToken cancellationToken)
    {
        Waiting waiting;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(jobId, out waiting!))
            {
                waiting = new Waiting();
                waiting.Result = Task.Run(() => LookAsync(jobId, waiting.Ended.Token), CancellationToken.None);
                _waiting[jobId] = waiting;
            }

            waiting.Callers++;
        }

        try
        {
            return await waiting.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(jobId, waiting);
        }
    }

    /// <summary>What those who wait for a failed job are thrown.</summary>
    public static Exception FailureOf(ScanJob job)
    {
        string reason = job.ErrorMessage ?? "it failed without a reason";
        return job.RegistryFailure is { } kind ? new RegistryException(reason) { Failure = kind } : new ScanException(reason);
    }

    private void Leave(string jobId, Waiting waiting)
    {
        lock (_lock)
        {
            if (--waiting.Callers == 0)
            {
                _waiting.Remove(jobId);
                waiting.Ended.Cancel();
            }
        }
    }

    private async Task<Scan> LookAsync(string jobId, CancellationToken cancellationToken)
    {
        var pause = new PollPause(time);
        var stillness = new StillnessWatch(settings, time);
        long? failingSince = null;
        while (true)
        {
            if (_here.TryGetValue(jobId, out Task<Scan?>? work) && await work.WaitAsync(cancellationToken) is { } scan)
            {
                return scan;
            }

            try
            {
                ScanJob job = await jobs.FindAsync(jobId, cancellationToken) ?? throw new ScanException($"its job {jobId} has been deleted");
                if (await ResultOfAsync(job, cancellationToken) is { } result)
                {
                    return result;
                }

                if (job.Holder is not null && stillness.IsStill(job.Version))
                {
                    await resumption.ResumeAsync(job, cancellationToken);
                }

                failingSince = null;
            }
            catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
            {
                // Who waits for minutes does not give up at the first hiccup.
                failingSince ??= time.GetTimestamp();
                if (time.GetElapsedTime(failingSince.Value) > TimeSpan.FromSeconds(settings.LeaseSeconds))
                {
                    throw;
                }
            }

            await pause.WaitAsync(cancellationToken);
        }
    }

    // Null while the job is open.
    private async Task<Scan?> ResultOfAsync(ScanJob job, CancellationToken cancellationToken) => job switch
    {
        { State: ScanJobState.Failed } => throw FailureOf(job),
        { State: ScanJobState.Done, ResultId: { } id } => await store.FindAsync(Digest.Parse(id), cancellationToken)
            ?? throw new ScanException($"its result {id} has been deleted since it was done"),
        _ => null,
    };

    private sealed class Waiting
    {
        public CancellationTokenSource Ended { get; } = new();

        public Task<Scan> Result { get; set; } = null!;

        public int Callers { get; set; }
    }
}
