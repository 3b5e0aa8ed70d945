using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>
/// The blobs of published snapshots: <c>db/&lt;id&gt;.snap</c>, which never change, and <c>latest.json</c>, which is replaced under its ETag.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class SnapshotBlobs(StorageAccount account)
{
    private const string LatestName = "latest.json";
    private const string Folder = "db/";
    private const string Suffix = ".snap";

    // Three snapshots take less than a kilobyte.
    private const int MaxLatestBytes = 64 * 1024;

    // What is longer goes up in blocks that nobody sees before the last word.
    private static readonly StorageTransferOptions Blocks = new() { InitialTransferSize = 4 << 20, MaximumTransferSize = 4 << 20, MaximumConcurrency = 2 };

    /// <summary>What <c>latest.json</c> says now, and its ETag for <see cref="TrySwitchAsync"/>.</summary>
    /// <param name="known">The ETag of what is known: if it still holds, the answer is <see cref="LatestState.Unchanged"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LatestAnswer> ReadLatestAsync(ETag? known, CancellationToken cancellationToken)
    {
        BlobClient blob = (await ContainerAsync(cancellationToken)).GetBlobClient(LatestName);
        try
        {
            var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = known }, Range = new HttpRange(0, MaxLatestBytes) };
            Response<BlobDownloadResult> answer = await blob.DownloadContentAsync(options, cancellationToken);
            if (answer.GetRawResponse().Status == 304)
            {
                return new LatestAnswer(LatestState.Unchanged, null, known);
            }

            var latest = LatestSnapshot.Read(answer.Value.Content.ToMemory().Span);
            return new LatestAnswer(latest is null ? LatestState.Unreadable : LatestState.Read, latest, answer.Value.Details.ETag);
        }
        catch (RequestFailedException unchanged) when (unchanged.Status == 304)
        {
            return new LatestAnswer(LatestState.Unchanged, null, known);
        }
        catch (RequestFailedException empty) when (empty.Status is 404 or 416)
        {
            // A blob of no bytes has no range; such a one is overwritten like any that says nothing.
            return empty.Status == 404
                ? new LatestAnswer(LatestState.Missing, null, null)
                : new LatestAnswer(LatestState.Unreadable, null, (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag);
        }
    }

    /// <summary>Replaces <c>latest.json</c>; false if it is no longer what was read.</summary>
    public async Task<bool> TrySwitchAsync(LatestSnapshot next, ETag? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        BlobClient blob = (await ContainerAsync(cancellationToken)).GetBlobClient(LatestName);
        var options = new BlobUploadOptions
        {
            Conditions = expected is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = expected },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json", CacheControl = "no-cache" },
        };
        try
        {
            await blob.UploadAsync(BinaryData.FromBytes(next.Write()), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>
    /// Puts a snapshot into storage and reads it back: it is there whole, bit by bit, when this returns. One that is there already is checked
    /// and kept from being swept. Throws <see cref="PublicationException"/> if storage gives back something else.
    /// </summary>
    public async Task UploadAsync(string path, PublishedSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        BlobClient blob = await BlobOfAsync(snapshot, cancellationToken);
        byte[] expected;
        await using (FileStream file = File.OpenRead(path))
        {
            expected = await SHA256.HashDataAsync(file, cancellationToken);
        }

        if (await TouchAsync(blob, cancellationToken) && await HoldsAsync(blob, snapshot.Size, expected, cancellationToken))
        {
            return;
        }

        await using (FileStream file = File.OpenRead(path))
        {
            await blob.UploadAsync(file, new BlobUploadOptions { TransferOptions = Blocks }, cancellationToken);
        }

        if (!await HoldsAsync(blob, snapshot.Size, expected, cancellationToken))
        {
            throw new PublicationException($"Storage gave back other bytes of {blob.Name} than it was given; nothing was switched. Try again.");
        }
    }

    /// <summary>
    /// Writes a published snapshot into a file. Throws <see cref="PublicationException"/> if it is not there or of another length, and
    /// <see cref="IOException"/> if the file cannot be written.
    /// </summary>
    public async Task DownloadAsync(PublishedSnapshot snapshot, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        BlobClient blob = await BlobOfAsync(snapshot, cancellationToken);
        try
        {
            using BlobDownloadStreamingResult answer = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
            if (answer.Details.ContentLength != snapshot.Size)
            {
                throw new PublicationException($"{blob.Name} has {answer.Details.ContentLength} bytes where latest.json says {snapshot.Size}.");
            }

            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await answer.Content.CopyToAsync(file, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new PublicationException($"{blob.Name} is not there, though latest.json names it.", missing);
        }
    }

    /// <summary>Removes the snapshots that are not named and older than that, and returns how many. One that is put there anew meanwhile stays.</summary>
    public async Task<int> SweepAsync(IReadOnlySet<string> named, DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(named);
        BlobContainerClient container = await ContainerAsync(cancellationToken);
        int removed = 0;
        await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Folder, cancellationToken))
        {
            if (named.Contains(IdOf(blob.Name)) || blob.Properties.LastModified is not { } modified || modified >= olderThan)
            {
                continue;
            }

            try
            {
                await container.GetBlobClient(blob.Name).DeleteAsync(
                    DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = blob.Properties.ETag }, cancellationToken);
                removed++;
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412)
            {
                // Somebody publishes it again, or has removed it.
            }
        }

        return removed;
    }

    internal Task<BlobContainerClient> ContainerAsync(CancellationToken cancellationToken) =>
        account.ContainerAsync(ContainerNames.Advisories, cancellationToken);

    private async Task<BlobClient> BlobOfAsync(PublishedSnapshot snapshot, CancellationToken cancellationToken) =>
        (await ContainerAsync(cancellationToken)).GetBlobClient($"{Folder}{snapshot.Id}{Suffix}");

    private static string IdOf(string name) => name[Folder.Length..].Replace(Suffix, "", StringComparison.Ordinal);

    // False if it is not there. Its ETag and date change, so that a sweep that has listed it before leaves it.
    private static async Task<bool> TouchAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.SetMetadataAsync(new Dictionary<string, string>(), cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    private static async Task<bool> HoldsAsync(BlobClient blob, long size, byte[] hash, CancellationToken cancellationToken)
    {
        using BlobDownloadStreamingResult answer = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
        return answer.Details.ContentLength == size && (await SHA256.HashDataAsync(answer.Content, cancellationToken)).AsSpan().SequenceEqual(hash);
    }
}

/// <summary>What became of <c>latest.json</c>.</summary>
public enum LatestState
{
    Read,
    Unchanged,

    /// <summary>Nothing was ever published.</summary>
    Missing,

    /// <summary>It is there and says nothing that this version understands.</summary>
    Unreadable,
}

/// <summary>What <c>latest.json</c> says.</summary>
/// <param name="State">Whether it says anything.</param>
/// <param name="Latest">What it says; only if it was read.</param>
/// <param name="ETag">Of what is there; null if nothing is.</param>
public sealed record LatestAnswer(LatestState State, LatestSnapshot? Latest, ETag? ETag);
