using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Vulnerabilities;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Storage;

/// <summary>
/// Scans in Tables. A scan is a content (<see cref="ChunkedRows"/>) and one row that makes it visible, replaced under its ETag: readers see
/// the old scan or the new one, and of two writers neither loses names, occurrences or the newer findings.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class ScanStore(StorageAccount account, TimeProvider time, ILogger<ScanStore> logger)
{
    // How exactly is kept when an image was last used: a scan of one that is stored writes nothing more often.
    private static readonly TimeSpan UseAge = TimeSpan.FromDays(1);

    // Of sixteen partitions one is folded, so each has a few hundred deltas at most: less than one request reads.
    private const int ChangesPerFold = 16;

    private readonly ChunkedRows _content = new(account, TableNames.ImageContent, time, logger);
    private readonly ScanRows _rows = new(account);
    private readonly LayerUses _uses = new(account);
    private readonly TermStore _terms = new(account);
    private readonly SeenCves _seen = new(account);
    private readonly AliasStore _aliases = new(account);
    private readonly RiskLedger _ledger = new(account);
    private readonly RecentScans _recent = new();
    private int _changes;

    /// <summary>
    /// Saves a scan and returns it as it then stands: with all names, the first occurrences, and <see cref="Scan.SavedAt"/>. If a newer scan
    /// (by <see cref="Scan.ScannedAt"/>) is stored, that one stays and is returned, with the names of both.
    /// </summary>
    public Task<Scan> SaveAsync(Scan scan, ScanSummary summary, CancellationToken cancellationToken) => SaveAsync(scan, summary, null, cancellationToken);

    /// <summary>As above, for a scan that has said before by <see cref="UseLayersAsync"/> which layers it has.</summary>
    public async Task<Scan> SaveAsync(Scan scan, ScanSummary summary, string? useMark, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] cves = SeenCves.Of(scan);
        scan = await _seen.WithFirstInSystemAsync(scan, cves, now, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            ScanRow? stored = await _rows.FindAsync(scan.Id, cancellationToken);
            byte[]? content = stored is null ? null : await _content.ReadAsync(ScanRow.KeyOf(scan.Id), stored.Content, cancellationToken);
            IReadOnlyList<ImageReference> names = Join(stored?.Names ?? [], scan.Names);
            if (stored?.ScannedAt > scan.ScannedAt && content is not null && Compressed.TryRead(content, out Scan? newer))
            {
                if (await TryRenameAsync(stored, names, scan.Names, cancellationToken))
                {
                    return newer with { Names = names, SavedAt = stored.Listed.LastUpdated, UsedAt = stored.UsedAt };
                }
            }
            else
            {
                useMark ??= stored is null ? await MarkLayersAsync(scan.Id, scan.Manifest.Layers, cancellationToken) : null;
                Scan merged = scan with
                {
                    Names = names,
                    SavedAt = now,
                    UsedAt = useMark is null ? stored!.UsedAt : now,
                    GoneNames = GoneBut(stored, scan.Names),
                    RemovedAt = null,
                    FirstInImage = SeenCves.FirstInImage(cves, content, now),
                };
                if (await TryCommitAsync(merged, summary, stored, useMark ?? stored!.UseMark, cancellationToken))
                {
                    return merged;
                }
            }
        }

        throw Contended(scan.Id);
    }

    /// <summary>
    /// Saves what was worked out anew from a stored scan and returns it as it then stands; null, and nothing is saved, if that scan is no longer
    /// the stored one: what was read since must not be lost to what was matched again.
    /// </summary>
    public async Task<Scan?> ReplaceMatchAsync(Scan stored, Scan rematched, ScanSummary summary, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] cves = SeenCves.Of(rematched);
        rematched = await _seen.WithFirstInSystemAsync(rematched, cves, now, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await _rows.FindAsync(stored.Id, cancellationToken) is not { } row || row.ScannedAt != stored.ScannedAt)
            {
                return null;
            }

            byte[]? content = await _content.ReadAsync(ScanRow.KeyOf(stored.Id), row.Content, cancellationToken);
            Scan merged = rematched with
            {
                Names = Join(row.Names, rematched.Names),
                SavedAt = now,
                UsedAt = row.UsedAt,
                GoneNames = row.Gone,
                RemovedAt = row.Listed.RemovedAt,
                FirstInImage = SeenCves.FirstInImage(cves, content, now),
            };
            if (await TryCommitAsync(merged, summary, row, row.UseMark, cancellationToken))
            {
                return merged;
            }
        }

        throw Contended(stored.Id);
    }

    /// <summary>The scan of that digest; null if there is none, or none that this version can read: then scan again.</summary>
    public async Task<Scan?> FindAsync(Digest id, CancellationToken cancellationToken)
    {
        ContentStamp? torn = null;
        while (await _rows.FindAsync(id, cancellationToken) is { } row)
        {
            if (_recent.Find(ScanRow.KeyOf(id), row.Content) is { } known)
            {
                return AsOf(row, known);
            }

            if (await _content.ReadAsync(ScanRow.KeyOf(id), row.Content, cancellationToken) is { } content)
            {
                if (Compressed.TryRead(content, out Scan? scan))
                {
                    _recent.Keep(ScanRow.KeyOf(id), row.Content, scan);
                    return AsOf(row, scan);
                }

                logger.LogWarning("Scan unreadable {Digest}: saved in another form", id);
                return null;
            }

            // A writer that commits removes the generation before: read again, unless it is the same that is torn.
            if (torn == row.Content)
            {
                logger.LogWarning("Scan torn {Digest}: rows of generation {Generation} are missing", id, torn.Generation);
                return null;
            }

            torn = row.Content;
        }

        return null;
    }

    /// <summary>Lets go of what is held in memory; what is stored stays.</summary>
    public void ForgetRecent() => _recent.Clear();

    /// <summary>
    /// Says which layers an image has that is about to be scanned, before anybody looks what is known of them; so they stay, whatever image is
    /// deleted meanwhile. Returns what <see cref="SaveAsync(Scan, ScanSummary, string?, CancellationToken)"/> must be given; null if a stored scan
    /// has said so within the last day.
    /// </summary>
    public async Task<string?> UseLayersAsync(Digest id, IReadOnlyList<Descriptor> layers, CancellationToken cancellationToken) =>
        IsInUse((await _rows.FindAsync(id, cancellationToken))?.UsedAt) ? null : await MarkLayersAsync(id, layers, cancellationToken);

    /// <summary>Says that a stored scan was asked for; writes at most once a day, a row a layer and one for the image.</summary>
    public async Task UseAsync(Scan stored, CancellationToken cancellationToken)
    {
        if (IsInUse(stored.UsedAt))
        {
            return;
        }

        string mark = await MarkLayersAsync(stored.Id, stored.Manifest.Layers, cancellationToken);
        if (await _rows.FindAsync(stored.Id, cancellationToken) is { } row)
        {
            // Whoever was quicker has said as much, or the next caller will.
            await _rows.TryPutAsync(Used(row, mark, time.GetUtcNow()), row, cancellationToken);
        }
    }

    /// <summary>
    /// Adds a name to a stored scan, or takes back that it is gone, and returns all its names; null if there is no such scan.
    /// </summary>
    public async Task<IReadOnlyList<ImageReference>?> AddNameAsync(Digest id, ImageReference name, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await _rows.FindAsync(id, cancellationToken) is not { } stored)
            {
                return null;
            }

            IReadOnlyList<ImageReference> names = Join(stored.Names, [name]);
            if (await TryRenameAsync(stored, names, [name], cancellationToken))
            {
                return names;
            }
        }

        throw Contended(id);
    }

    /// <summary>
    /// Notes which names of a stored scan are gone from their registries; without any other it is removed there. Whether it is; false also if there is no
    /// such scan.
    /// </summary>
    public async Task<bool> MarkGoneAsync(Digest id, Func<ImageReference, bool> isGone, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await _rows.FindAsync(id, cancellationToken) is not { } stored)
            {
                return false;
            }

            string[] gone = [.. stored.Names.Where(name => isGone(name) || stored.Gone.Contains(name.FullName)).Select(name => name.FullName)];
            bool isRemoved = stored.Names.Count > 0 && gone.Length == stored.Names.Count;
            DateTimeOffset? removedAt = isRemoved ? stored.Listed.RemovedAt ?? time.GetUtcNow() : null;
            ScanRow marked = stored with { Gone = gone, Listed = stored.Listed with { RemovedAt = removedAt } };
            if ((gone.SequenceEqual(stored.Gone) && removedAt == stored.Listed.RemovedAt) || await _rows.TryPutAsync(marked, stored, cancellationToken))
            {
                return isRemoved;
            }
        }

        throw Contended(id);
    }

    /// <summary>The manifest that an index (or manifest list) answers with on that platform; null if that is not known.</summary>
    public Task<Digest?> FindAliasAsync(Digest index, Platform platform, CancellationToken cancellationToken) =>
        _aliases.FindAsync(index, platform, cancellationToken);

    /// <summary>All manifests that an index answers with, of whatever platform; empty if none is known.</summary>
    public Task<IReadOnlyList<Digest>> ManifestsOfAsync(Digest index, CancellationToken cancellationToken) => _aliases.FindAllAsync(index, cancellationToken);

    /// <summary>Remembers which manifest an index answers with on that platform.</summary>
    public Task SaveAliasAsync(Digest index, Platform platform, Digest manifest, CancellationToken cancellationToken) =>
        _aliases.SaveAsync(index, platform, manifest, cancellationToken);

    /// <summary>
    /// The images that were matched with advisories of another <see cref="AdvisoryOrigin.Rank"/>, or with none, but those that registries no longer have;
    /// reads their keys alone. What changes meanwhile may be there or not.
    /// </summary>
    public IAsyncEnumerable<Digest> MatchedOtherwiseAsync(long advisoryRank, RankSide side, CancellationToken cancellationToken) => _rows.PresentAsync(
        side == RankSide.Below
            ? TableClient.CreateQueryFilter($"AdvisoryRank lt {advisoryRank}")
            : TableClient.CreateQueryFilter($"AdvisoryRank ne {advisoryRank}"),
        cancellationToken);

    /// <summary>
    /// Removes a scan, its content, and what says that an index answers with it; null if there is none, or it was used since. First its commit row,
    /// so that nobody sees it from then on; what is left where this ends half-way is swept. When its CVEs were first seen in it goes with its
    /// content; when they were first seen in any image of its operating system stays, since others have that from it.
    /// </summary>
    /// <param name="id">The image.</param>
    /// <param name="usedBefore">Removes only what was last used before that moment; null for whatever is there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<RemovedScan?> RemoveAsync(Digest id, DateTimeOffset? usedBefore, CancellationToken cancellationToken) =>
        RemoveAsync(id, row => row.UsedAt >= usedBefore, cancellationToken);

    /// <summary>As above, for an image that registries no longer had before that moment, and have not since.</summary>
    public Task<RemovedScan?> RemoveGoneAsync(Digest id, DateTimeOffset removedBefore, CancellationToken cancellationToken) =>
        RemoveAsync(id, row => !(row.Listed.RemovedAt < removedBefore), cancellationToken);

    /// <summary>The images that registries no longer had before that moment; reads their keys alone.</summary>
    public IAsyncEnumerable<Digest> RemovedBeforeAsync(DateTimeOffset moment, CancellationToken cancellationToken) =>
        _rows.WhereAsync(TableClient.CreateQueryFilter($"RemovedAt lt {moment.UtcTicks}"), cancellationToken);

    private async Task<RemovedScan?> RemoveAsync(Digest id, Func<ScanRow, bool> stays, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await _rows.FindAsync(id, cancellationToken) is not { } row || stays(row))
            {
                return null;
            }

            // While it is there; of a content that cannot be read the sweep finds out what the image had.
            byte[]? content = await _content.ReadAsync(ScanRow.KeyOf(id), row.Content, cancellationToken);
            Scan? scan = content is not null && Compressed.TryRead(content, out Scan? readable) ? readable : null;
            if (await _rows.TryDeleteAsync(row, cancellationToken))
            {
                await FollowAsync(id, row.Terms, ScanTerms.None, cancellationToken);
                await _content.DeleteAsync(ScanRow.KeyOf(id), row.Content.Generation, cancellationToken);
                await _aliases.RemoveAsync(scan?.Manifest.Index, id, cancellationToken);
                return new RemovedScan(id, row.UseMark, [.. scan?.Manifest.Layers.Select(layer => layer.Digest).Distinct() ?? []]);
            }
        }

        throw Contended(id);
    }

    /// <summary>
    /// Writes the rows of lists and the terms of a stored image once more, from its content; false if there is none that can be read, or if somebody
    /// else has just saved it.
    /// </summary>
    internal async Task<bool> RelistAsync(Digest id, Func<Scan, ScanSummary> summaryOf, CancellationToken cancellationToken)
    {
        if (await _rows.FindAsync(id, cancellationToken) is not { } row
            || await _content.ReadAsync(ScanRow.KeyOf(id), row.Content, cancellationToken) is not { } content || !Compressed.TryRead(content, out Scan? scan))
        {
            return false;
        }

        scan = AsOf(row, scan);
        var found = ScanTerms.Of(scan);
        ScanRow listed = row with { Listed = ListedOf(scan, summaryOf(scan)), IsListed = true, Terms = found.Hashes };
        bool isRelisted = await _rows.TryRelistAsync(listed, row, cancellationToken);
        if (isRelisted)
        {
            await FollowAsync(id, row.Terms, found, cancellationToken);
        }

        return isRelisted;
    }

    /// <summary>The images that were last used before that moment; reads their keys alone.</summary>
    public IAsyncEnumerable<Digest> UsedBeforeAsync(DateTimeOffset moment, CancellationToken cancellationToken) =>
        _rows.WhereAsync(TableClient.CreateQueryFilter($"UsedAt lt {moment.UtcTicks}"), cancellationToken);

    private async Task<bool> TryCommitAsync(
        Scan scan, ScanSummary summary, ScanRow? stored, string useMark, CancellationToken cancellationToken)
    {
        string key = ScanRow.KeyOf(scan.Id);
        ContentStamp stamp = await _content.WriteAsync(key, Compressed.Write(scan with { Names = [] }), cancellationToken);
        var found = ScanTerms.Of(scan);
        var row = new ScanRow(scan.Id, stamp, scan.Names, ListedOf(scan, summary))
        {
            IsListed = true,
            Terms = found.Hashes,
            AdvisoryRank = scan.Match.Advisories?.Rank ?? 0,
            UseMark = useMark,
            UsedAt = scan.UsedAt!.Value,
            Gone = scan.GoneNames,
        };

        // A writer whose answer was lost repeats its request and is refused for what it has written itself.
        bool committed = await _rows.TryPutAsync(row, stored, cancellationToken)
            || (await _rows.FindAsync(scan.Id, cancellationToken))?.Content == stamp;
        string? obsolete = committed ? stored?.Content.Generation : stamp.Generation;
        if (obsolete is not null)
        {
            await _content.DeleteObsoleteAsync(key, obsolete, cancellationToken);
        }

        if (committed)
        {
            await FollowAsync(scan.Id, stored?.Terms ?? "", found, cancellationToken);
        }

        return committed;
    }

    // The scan is saved, or gone, whatever becomes of the terms; and now and then whoever saves adds up what saves have left for the ledger.
    private async Task FollowAsync(Digest id, string storedTerms, ScanTerms found, CancellationToken cancellationToken)
    {
        try
        {
            await _terms.FollowAsync(id, storedTerms, found, cancellationToken);
            if (Interlocked.Increment(ref _changes) % ChangesPerFold == 0)
            {
                await _ledger.FoldAsync(ScanRow.PartitionOf(id), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is StorageException or RequestFailedException)
        {
            logger.LogWarning(failure, "Terms left over {Digest}: searches show them until the next sweep", id);
        }
    }

    private static ScanRow Used(ScanRow row, string? useMark, DateTimeOffset now) =>
        useMark is null ? row : row with { UseMark = useMark, UsedAt = now };

    private async Task<string> MarkLayersAsync(Digest id, IEnumerable<Descriptor> layers, CancellationToken cancellationToken)
    {
        string mark = Guid.NewGuid().ToString("n");
        await _uses.MarkAsync(id, layers.Select(layer => layer.Digest), mark, cancellationToken);
        return mark;
    }

    private async Task<bool> TryRenameAsync(
        ScanRow stored, IReadOnlyList<ImageReference> names, IReadOnlyList<ImageReference> there, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> gone = GoneBut(stored, there);
        if (names.SequenceEqual(stored.Names) && gone.Count == stored.Gone.Count)
        {
            return true;
        }

        ListedImage listed = stored.Listed with { Name = NameOf(names), RemovedAt = null };
        return await _rows.TryPutAsync(stored with { Names = names, Gone = gone, Listed = listed }, stored, cancellationToken);
    }

    // What answers now is there, whatever was said of it.
    private static IReadOnlyList<string> GoneBut(ScanRow? stored, IReadOnlyList<ImageReference> there) =>
        stored is null ? [] : [.. stored.Gone.Where(gone => there.All(name => name.FullName != gone))];

    private bool IsInUse(DateTimeOffset? usedAt) => time.GetUtcNow() - usedAt < UseAge;

    // What the row says is newer than what the content was saved with.
    private static Scan AsOf(ScanRow row, Scan content) => content with
    {
        Names = row.Names,
        SavedAt = row.Listed.LastUpdated,
        UsedAt = row.UsedAt,
        GoneNames = row.Gone,
        RemovedAt = row.Listed.RemovedAt,
    };

    // The newest name is kept in any case: whoever builds one digest under ever new tags must not end by getting no answer.
    private static IReadOnlyList<ImageReference> Join(IReadOnlyList<ImageReference> stored, IReadOnlyList<ImageReference> added) =>
    [
        .. added.Concat(stored).DistinctBy(name => name.FullName, StringComparer.Ordinal).Take(StorageLimits.NamesPerImage)
            .OrderBy(name => name.FullName, StringComparer.Ordinal),
    ];

    private static ListedImage ListedOf(Scan scan, ScanSummary summary) =>
        new(scan.Id.ToString(), NameOf(scan.Names), summary, scan.Config.Created, scan.SavedAt!.Value)
        {
            OperatingSystem = OperatingSystems.NameOf(scan.Inventory.Distribution),
            ScannedAt = scan.ScannedAt,
            RemovedAt = scan.RemovedAt,
        };

    private static string NameOf(IReadOnlyList<ImageReference> names) => names.Count > 0 ? names[0].FullName : "";

    private static StorageException Contended(Digest id) => StorageException.Contended($"The row of {id}");
}

/// <summary>A scan that was removed.</summary>
/// <param name="Id">The image.</param>
/// <param name="UseMark">The mark under which it was said which layers the image has.</param>
/// <param name="Layers">Its layers; empty if its content could not be read.</param>
public sealed record RemovedScan(Digest Id, string UseMark, IReadOnlyList<Digest> Layers);

/// <summary>Which ranks of advisories are meant.</summary>
public enum RankSide
{
    /// <summary>Lower ones.</summary>
    Below,

    /// <summary>Lower and higher ones.</summary>
    Both,
}
