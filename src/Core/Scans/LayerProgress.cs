using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>Shows in a job how many bytes of one layer are read, at most once every two seconds.</summary>
internal sealed class LayerProgress : IAsyncDisposable
{
    private static readonly TimeSpan Rate = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _done = new();
    private readonly Task _kept;
    private long _bytes;

    public LayerProgress(JobStore jobs, string jobId, Digest layer, TimeProvider time, ILogger logger) =>
        _kept = KeepAsync(jobs, jobId, layer, time, logger, _done.Token);

    /// <summary>The same stream, counted.</summary>
    public Stream Count(Stream blob) => new CountedStream(blob, bytes => Interlocked.Exchange(ref _bytes, bytes));

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _kept;
        _done.Dispose();
    }

    private async Task KeepAsync(JobStore jobs, string jobId, Digest layer, TimeProvider time, ILogger logger, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(Rate, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            try
            {
                // Not of one that has just been marked as done.
                await jobs.UpdateLayerAsync(
                    jobId,
                    layer,
                    open => open.State == JobLayerState.Reading ? open with { BytesRead = Interlocked.Read(ref _bytes) } : open,
                    CancellationToken.None);
            }
            catch (Exception failure) when (failure is StorageException or Azure.RequestFailedException)
            {
                logger.LogWarning("Layer progress could not be saved {Job} {Layer}: {Reason}", jobId, layer, HostileText.Plain(failure.Message, 1_000));
            }
        }
    }
}
