using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// Plans an archive of records: whole, or only the records that an index beside it says were changed since it was read, or nothing.
/// </summary>
/// <param name="time">Tells how old the archive is.</param>
internal sealed class OsvIncrement(TimeProvider time)
{
    /// <summary>More changed records than these are fetched faster as the whole archive.</summary>
    public const int MaxParts = 500;

    /// <summary>Records of which an index says nothing any more are gone; only the archive tells.</summary>
    public static readonly TimeSpan WholeAfter = TimeSpan.FromDays(7);

    // A record can appear some time after the date that it bears: sources are imported one after the other.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(6);

    /// <summary>Adds what to ask for; the whole archive where its index cannot be had or trusted.</summary>
    /// <param name="source">The feed's address.</param>
    /// <param name="archive">Where the archive, its index and the records by themselves are.</param>
    /// <param name="known">What is known of the archive; null if it was never read.</param>
    /// <param name="plan">Gets documents or a kept one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddAsync(FeedSource source, OsvArchive archive, KnownDocument? known, OsvPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<string>? changed = known is { NewestRecord: { } newest } && time.GetUtcNow() - known.ReadAt < WholeAfter
            ? await ChangedAsync(source, archive.Index, newest, known.ReadAt, cancellationToken)
            : null;
        switch (changed)
        {
            case null:
                plan.Documents.Add(new PlannedDocument(archive.Path));
                break;
            case { Count: 0 }:
                plan.Kept.Add(archive.Path);
                break;
            default:
                plan.Documents.AddRange(changed.Select(id => new PlannedDocument($"{archive.Folder}{id}.json", archive.Path)));
                break;
        }
    }

    // Null if the whole archive is needed.
    private static async Task<IReadOnlyCollection<string>?> ChangedAsync(
        FeedSource source, string index, DateTimeOffset newest, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        // A date in the future would hide whatever changes until then.
        DateTimeOffset seen = newest <= readAt ? newest : readAt - Overlap;
        try
        {
            await using FeedDocument? document = await source.OpenAsync(index, null, cancellationToken);
            return document is null ? null : await ChangedAsync(document, seen, cancellationToken);
        }
        catch (Exception broken) when (broken is FeedException or HttpRequestException or IOException or InvalidDataException or JsonException)
        {
            return null;
        }
    }

    // The newest come first, but nothing here depends on it.
    private static async Task<IReadOnlyCollection<string>?> ChangedAsync(FeedDocument index, DateTimeOffset seen, CancellationToken cancellationToken)
    {
        var recent = new HashSet<string>(StringComparer.Ordinal);
        bool isNewer = false;
        int atSeen = 0;
        await foreach (OsvIndexEntry? read in OsvIndex.EntriesAsync(index, cancellationToken))
        {
            if (read is not { } entry)
            {
                return null;
            }

            isNewer |= entry.Modified > seen;
            atSeen += entry.Modified == seen ? 1 : 0;
            if (entry.Modified >= seen - Overlap && recent.Count <= MaxParts)
            {
                recent.Add(entry.Id);
            }
        }

        // The one record that bears the newest date is known; of several, some may have come later.
        if (!isNewer && atSeen <= 1)
        {
            return [];
        }

        return recent.Count <= MaxParts ? recent : null;
    }
}

/// <summary>Where an archive of records is, below an address.</summary>
/// <param name="Path">The archive.</param>
/// <param name="Index">The list of its records.</param>
/// <param name="Folder">Where each record is by itself, as <c>ID.json</c>; with a slash at its end, or "".</param>
internal sealed record OsvArchive(string Path, string Index, string Folder);

/// <summary>A plan in the making.</summary>
internal sealed class OsvPlan
{
    public List<PlannedDocument> Documents { get; } = [];

    public List<string> Kept { get; } = [];

    public FeedPlan Done() => new() { Documents = Documents, Kept = Kept };
}
