using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>What may be published over what is there.</summary>
public enum PublishRule
{
    /// <summary>A refresh: only what is newer than all that is kept; what an operator has pinned stays in use.</summary>
    Refreshed,

    /// <summary>An operator: only what is newer than what is in use; a pin ends.</summary>
    Newer,

    /// <summary>An operator who knows that it is older; a pin ends.</summary>
    AnyAge,
}

/// <summary>
/// Publishes snapshots for all instances and takes them back. The order is what makes it safe to be stopped anywhere: the snapshot is in
/// storage, whole and checked, before <c>latest.json</c> names it; only then older ones go.
/// Every method throws <see cref="StorageException"/> if storage fails, and <see cref="PublicationException"/> for a refusal.
/// </summary>
public sealed class SnapshotPublisher(SnapshotBlobs blobs, TimeProvider time, ILogger<SnapshotPublisher> logger)
{
    // Time for a publisher to switch to what it has put there.
    private static readonly TimeSpan SweepAfter = TimeSpan.FromHours(1);

    private const int Attempts = 10;

    /// <summary>What is published now; null if nothing is.</summary>
    public async Task<LatestSnapshot?> LatestAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Latest;

    /// <summary>Publishes a file, and returns what <c>latest.json</c> says then.</summary>
    /// <param name="path">A snapshot; all of it is checked first.</param>
    /// <param name="rule">Whether it may replace what is there.</param>
    /// <param name="beforeSwitch">The last look before it counts; throws if it must not.</param>
    /// <param name="cancellationToken">Leaves what was published.</param>
    public async Task<LatestSnapshot> PublishAsync(
        string path, PublishRule rule, Func<CancellationToken, Task>? beforeSwitch, CancellationToken cancellationToken)
    {
        PublishedSnapshot snapshot = PublishedSnapshot.Of(path);
        if (!snapshot.IsSound)
        {
            throw new PublicationException($"{path} has {snapshot.Size} bytes; at most {PublishedSnapshot.MaxSize} are published.");
        }

        RefuseOlder(snapshot, (await ReadAsync(cancellationToken)).Latest, rule);
        await blobs.UploadAsync(path, snapshot, cancellationToken);
        if (beforeSwitch is not null)
        {
            await beforeSwitch(cancellationToken);
        }

        LatestSnapshot latest = await SwitchAsync(now => Next(snapshot, now, rule), cancellationToken);
        logger.LogInformation("Advisory snapshot published {Id} built {BuiltAt}, {Current} is in use", snapshot.Id, snapshot.BuiltAt, latest.Current.Id);
        await SweepAsync(latest, cancellationToken);
        return latest;
    }

    /// <summary>
    /// Goes back to a snapshot that is kept, and stays with it until it is released or another is published by hand: the next refresh would
    /// most likely build what was taken back.
    /// </summary>
    /// <param name="id">Its id, or how that begins; null for the newest that is older than the one in use.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LatestSnapshot> RollBackAsync(string? id, CancellationToken cancellationToken) => SwitchAsync(
        latest => latest is null
            ? throw new PublicationException("Nothing is published, so there is nothing to go back to.")
            : latest.Using(TargetOf(latest, id), pinned: true),
        cancellationToken);

    /// <summary>Ends a roll-back: the newest snapshot that is kept is in use again, and refreshes count.</summary>
    public Task<LatestSnapshot> ReleaseAsync(CancellationToken cancellationToken) => SwitchAsync(
        latest => latest is null
            ? throw new PublicationException("Nothing is published, so there is nothing to release.")
            : latest.Using(latest.Newest, pinned: false),
        cancellationToken);

    private static LatestSnapshot Next(PublishedSnapshot snapshot, LatestSnapshot? latest, PublishRule rule)
    {
        RefuseOlder(snapshot, latest, rule);
        return latest is null
            ? new LatestSnapshot { Current = snapshot, Previous = [] }
            : rule == PublishRule.Refreshed && latest.IsPinned ? latest.Keeping(snapshot) : latest.Using(snapshot, pinned: false);
    }

    private static void RefuseOlder(PublishedSnapshot snapshot, LatestSnapshot? latest, PublishRule rule)
    {
        PublishedSnapshot? rival = rule switch
        {
            PublishRule.Refreshed => latest?.Newest,
            PublishRule.Newer => latest?.Current,
            _ => null,
        };
        if (rival is not null && rival.Id != snapshot.Id && snapshot.BuiltAt <= rival.BuiltAt)
        {
            throw new PublicationException(
                $"The snapshot of {snapshot.BuiltAt:u} is not newer than the published one of {rival.BuiltAt:u} and was not published. "
                + "`imagescan advisories publish FILE --older` publishes it all the same, `imagescan advisories rollback` goes back to one that is kept.");
        }
    }

    private static PublishedSnapshot TargetOf(LatestSnapshot latest, string? id)
    {
        PublishedSnapshot[] found =
        [
            .. id is null
                ? latest.Previous.Where(snapshot => snapshot.BuiltAt < latest.Current.BuiltAt).Take(1)
                : latest.All.Where(snapshot => id.Length > 0 && snapshot.Id.StartsWith(id, StringComparison.Ordinal)),
        ];
        string kept = string.Join(", ", latest.All.Select(snapshot => $"{snapshot.Id} of {snapshot.BuiltAt:u}"));
        return found switch
        {
            [var one] => one,
            [] when id is null => throw new PublicationException($"No older snapshot is kept. There is: {kept}."),
            [] => throw new PublicationException($"No snapshot that is kept has the id {id}. There is: {kept}."),
            _ => throw new PublicationException($"Several snapshots begin with {id}: {kept}."),
        };
    }

    private async Task<LatestSnapshot> SwitchAsync(Func<LatestSnapshot?, LatestSnapshot> change, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            LatestAnswer now = await ReadAsync(cancellationToken);
            LatestSnapshot next = change(now.Latest);
            if (await blobs.TrySwitchAsync(next, now.ETag, cancellationToken))
            {
                return next;
            }
        }

        throw new PublicationException($"latest.json changed under us {Attempts} times; try again.");
    }

    private async Task<LatestAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        LatestAnswer answer = await blobs.ReadLatestAsync(known: null, cancellationToken);
        if (answer.State == LatestState.Unreadable)
        {
            logger.LogWarning("latest.json of the published advisories is unreadable and counts as not there");
        }

        return answer;
    }

    // The snapshot is published, whatever becomes of the old ones; the next publication sweeps again.
    private async Task SweepAsync(LatestSnapshot latest, CancellationToken cancellationToken)
    {
        try
        {
            int removed = await blobs.SweepAsync(latest.All.Select(snapshot => snapshot.Id).ToHashSet(), time.GetUtcNow() - SweepAfter, cancellationToken);
            logger.LogInformation("Advisory snapshots swept, {Removed} removed", removed);
        }
        catch (StorageException failure)
        {
            logger.LogWarning("Advisory snapshots not swept: {Reason}", failure.Message);
        }
    }
}
