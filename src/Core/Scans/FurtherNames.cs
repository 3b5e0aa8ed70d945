using System.Collections.Concurrent;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans;

/// <summary>
/// The further names of a job's image, which registries' events have told of. Of each the registry is asked, since a name belongs to what answers there
/// and not to what somebody says.
/// </summary>
public sealed class FurtherNames(JobStore jobs, ScanStore store, RegistryClient registries, TimeProvider time, ILogger<FurtherNames> logger)
{
    // Some thousand names of an image would not be worth more.
    private const int AskedAtOnce = 4;

    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gives a stored image those names that answer with it, and those whose registry cannot be asked now, and returns them. Throws
    /// <see cref="StorageException"/>.
    /// </summary>
    /// <param name="scan">The image.</param>
    /// <param name="digest">What the job's own name points at: the image's manifest, or an index.</param>
    /// <param name="names">Full names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ImageReference>> AddAsync(
        Scan scan, Digest digest, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageReference> right = await RightAsync(scan, digest, names, cancellationToken);
        foreach (ImageReference name in right)
        {
            await store.AddNameAsync(scan.Id, name, cancellationToken);
        }

        return right;
    }

    /// <summary>Those of the names that <see cref="AddAsync"/> would give an image; nothing is changed.</summary>
    public async Task<IReadOnlyList<ImageReference>> RightAsync(
        Scan scan, Digest digest, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var right = new ConcurrentBag<ImageReference>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, options, async (name, token) =>
        {
            if (ImageReference.TryParse(name, out ImageReference? image, out _) && await IsRightAsync(scan, image, digest, token))
            {
                right.Add(image);
            }
        });
        return [.. right.OrderBy(name => name.FullName, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Has a job that was refused under its name go on under the next, and returns it to be sent; null if it has no other, or has ended. Throws
    /// <see cref="StorageException"/>.
    /// </summary>
    public async Task<ScanJob?> TakeNextAsync(string jobId, CancellationToken cancellationToken)
    {
        bool isOurs = false;
        ScanJob? renamed = await jobs.UpdateAsync(
            jobId,
            job => (isOurs = job is { IsOpen: true, FurtherNames: [_, ..] })
                ? job with
                {
                    ImageName = job.FurtherNames[0],
                    FurtherNames = [.. job.FurtherNames.Skip(1)],
                    State = ScanJobState.Queued,
                    Holder = null,
                    ErrorMessage = null,
                    RegistryFailure = null,
                }
                : job,
            cancellationToken);
        return isOurs ? renamed : null;
    }

    private async Task<bool> IsRightAsync(Scan scan, ImageReference image, Digest digest, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestAsk, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            Digest found = (await registries.Open(image).ResolveAsync(both.Token)).Digest;
            bool isRight = found == digest || found == scan.Id;
            if (!isRight)
            {
                logger.LogInformation("Name not kept {Image}: it points at another image than {Digest}", HostileText.Plain(image.FullName), digest);
            }

            return isRight;
        }
        catch (RegistryException failure)
        {
            bool isUnknown = failure.Failure == RegistryFailure.Unavailable;
            logger.LogInformation(
                "Name {Image} {Outcome}: {Reason}",
                HostileText.Plain(image.FullName),
                isUnknown ? "kept unasked" : "not kept",
                HostileText.Plain(failure.Message, 1_000));
            return isUnknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }
}
