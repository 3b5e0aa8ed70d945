using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>
/// The right to refresh, for one process of all that share an account: a lease of 60 s on the blob <c>refresh.lock</c>, renewed until it is
/// disposed of. A process that is killed leaves it to run out.
/// (https://learn.microsoft.com/rest/api/storageservices/lease-blob)
/// </summary>
internal sealed class RefreshLease : IAsyncDisposable
{
    /// <summary>The longest that a lease with an end may have.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private const string Name = "refresh.lock";
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);

    // Given up before another process can have it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly BlobLeaseClient _lease;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly Task _kept;
    private long _renewed;

    private RefreshLease(BlobLeaseClient lease, TimeProvider time)
    {
        _lease = lease;
        _time = time;
        _renewed = time.GetTimestamp();
        _kept = KeepAsync();
    }

    /// <summary>Cancelled when it is no longer ours, or may not be.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes it; null if another process has it. Throws <see cref="StorageException"/>.</summary>
    public static async Task<RefreshLease?> TryTakeAsync(SnapshotBlobs blobs, TimeProvider time, CancellationToken cancellationToken)
    {
        BlobClient blob = (await blobs.ContainerAsync(cancellationToken)).GetBlobClient(Name);
        BlobLeaseClient lease = blob.GetBlobLeaseClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await lease.AcquireAsync(Length, cancellationToken: cancellationToken);
                return new RefreshLease(lease, time);
            }
            catch (RequestFailedException taken) when (taken.Status == 409)
            {
                return null;
            }
            catch (RequestFailedException missing) when (missing.Status == 404 && attempt == 0)
            {
                await MakeAsync(blob, cancellationToken);
            }
        }
    }

    /// <summary>Renews it now. Throws <see cref="PublicationException"/> if it is no longer ours.</summary>
    public async Task EnsureHeldAsync(CancellationToken cancellationToken)
    {
        if (Lost.IsCancellationRequested || !await TryRenewAsync(cancellationToken))
        {
            throw Gone();
        }
    }

    public static PublicationException Gone() => new("The lease of this refresh has ended, another instance may be refreshing; nothing was switched.");

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _kept;
        try
        {
            await _lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception failure) when (failure is RequestFailedException or StorageException)
        {
            // It runs out by itself.
        }

        _lost.Dispose();
        _done.Dispose();
    }

    private static async Task MakeAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(BinaryData.FromBytes(Array.Empty<byte>()), options, cancellationToken);
        }
        catch (RequestFailedException made) when (made.Status is 409 or 412)
        {
            // Another process was quicker.
        }
    }

    private async Task KeepAsync()
    {
        while (!_done.IsCancellationRequested)
        {
            await Task.Delay(RenewEvery, _time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_done.IsCancellationRequested)
            {
                return;
            }

            bool held;
            try
            {
                held = await TryRenewAsync(_done.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure) when (failure is StorageException or RequestFailedException)
            {
                // It may answer again before the lease ends.
                held = _time.GetElapsedTime(_renewed) < Patience;
            }

            if (!held)
            {
                await _lost.CancelAsync();
                return;
            }
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        long asked = _time.GetTimestamp();
        try
        {
            await _lease.RenewAsync(cancellationToken: cancellationToken);
            _renewed = asked;
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
