using Azure;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>
/// Published snapshots on this machine: a folder of files named by what they hold, shared by all processes of a user. A file gets its name when
/// it is whole and checked, and no process changes it from then on.
/// </summary>
/// <param name="blobs">Where they are published.</param>
/// <param name="time">Tells how old a file is.</param>
/// <param name="logger">Hears of what cannot be read or removed.</param>
/// <param name="folder">
/// By default <c>imagescan-advisories-USER</c> in the folder for temporary files; made when it is first needed, for its user alone.
/// </param>
public sealed class SnapshotCache(SnapshotBlobs blobs, TimeProvider time, ILogger<SnapshotCache> logger, string? folder = null) : ISnapshotPublication
{
    private const string Suffix = ".snap";
    private const string UnfinishedSuffix = ".unfinished";

    // Each use makes a file new again, so this is a file that no process has opened for as long.
    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(1);

    private readonly string _folder = folder ?? Path.Combine(Path.GetTempPath(), $"imagescan-advisories-{Environment.UserName}");
    private ETag? _known;
    private LatestSnapshot? _latest;
    private string? _unreadable;

    /// <inheritdoc/>
    public bool IsPinned => _latest is { IsPinned: true };

    /// <inheritdoc/>
    public async Task<string?> FetchAsync(string? openId, CancellationToken cancellationToken)
    {
        try
        {
            if (await PublishedAsync(cancellationToken) is not { } published || published.Id == openId)
            {
                return null;
            }

            if (!published.IsReadable)
            {
                SayUnreadable(published);
                return null;
            }

            string path = await FileOfAsync(published, cancellationToken);
            RemoveUnused(path);
            return path;
        }
        // A body that breaks off again and again ends as an AggregateException (Azure.Core's RetriableStream).
        catch (Exception failure) when (failure is StorageException or PublicationException or RequestFailedException or AggregateException
            or IOException or UnauthorizedAccessException)
        {
            throw new AdvisoryDatabaseException($"The published snapshot of advisories cannot be fetched: {failure.Message}", failure);
        }
    }

    /// <summary>A name in the folder that no other process has, for a snapshot that is being made. Whoever made it removes it.</summary>
    internal string NewUnfinished()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if ((File.GetUnixFileMode(_folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            {
                throw new IOException($"Others may write to {_folder}, so what lies there cannot be trusted. Remove it, or take their right.");
            }
        }

        return Path.Combine(_folder, $"{Guid.NewGuid():n}{UnfinishedSuffix}");
    }

    // Not a failure: while instances of two versions run side by side, one of them waits for its own.
    private void SayUnreadable(PublishedSnapshot published)
    {
        if (_unreadable != published.Id)
        {
            _unreadable = published.Id;
            logger.LogWarning(
                "Published advisories {Id} are of format {Format}, this version reads format {Own} and waits for a snapshot of that",
                published.Id,
                published.Format,
                SnapshotFormat.Version);
        }
    }

    private async Task<PublishedSnapshot?> PublishedAsync(CancellationToken cancellationToken)
    {
        LatestAnswer answer = await blobs.ReadLatestAsync(_known, cancellationToken);
        switch (answer.State)
        {
            case LatestState.Read:
                (_known, _latest) = (answer.ETag, answer.Latest);
                break;
            case LatestState.Unreadable:
                throw new PublicationException("latest.json says nothing that this version understands.");
            case LatestState.Missing:
                (_known, _latest) = (null, null);
                break;
        }

        return _latest?.Current;
    }

    private async Task<string> FileOfAsync(PublishedSnapshot snapshot, CancellationToken cancellationToken)
    {
        string path = Path.Combine(_folder, snapshot.Id + Suffix);
        string unfinished = NewUnfinished();
        if (File.Exists(path) && IsSame(path, snapshot))
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return path;
        }

        try
        {
            await blobs.DownloadAsync(snapshot, unfinished, cancellationToken);
            if (!IsSame(unfinished, snapshot))
            {
                throw new PublicationException($"What storage has as {snapshot.Id} is damaged.");
            }

            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static bool IsSame(string path, PublishedSnapshot snapshot)
    {
        try
        {
            return PublishedSnapshot.Of(path).Id == snapshot.Id;
        }
        catch (AdvisoryDatabaseException)
        {
            return false;
        }
    }

    // The builder writes beside the name that it was given, under that name and more.
    private static bool IsOurs(string path) =>
        path.EndsWith(Suffix, StringComparison.Ordinal) || Path.GetFileName(path).Contains(UnfinishedSuffix, StringComparison.Ordinal);

    private void RemoveUnused(string used)
    {
        DateTime before = (time.GetUtcNow() - KeptUnused).UtcDateTime;
        foreach (string path in Directory.EnumerateFiles(_folder).Where(IsOurs).Where(path => path != used))
        {
            try
            {
                if (File.GetLastWriteTimeUtc(path) < before)
                {
                    File.Delete(path);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning("Old advisory snapshot not removed {Path}: {Reason}", path, failure.Message);
            }
        }
    }
}
