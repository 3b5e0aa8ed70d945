using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
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
    private readonly ChunkedRows _content = new(account, TableNames.ImageContent, time, logger);
    private readonly FirstOccurrences _systems = new(account);
    private readonly AliasStore _aliases = new(account);
    private readonly ImageList _list = new(account);

    /// <summary>
    /// Saves a scan and returns it as it then stands: with all names, the first occurrences, and <see cref="Scan.SavedAt"/>. If a newer scan
    /// (by <see cref="Scan.ScannedAt"/>) is stored, that one stays and is returned, with the names of both.
    /// </summary>
    public async Task<Scan> SaveAsync(Scan scan, ScanSummary summary, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] cves = CvesOf(scan);
        scan = await WithFirstInSystemAsync(scan, cves, now, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            ScanRow? stored = await RowAsync(scan.Id, cancellationToken);
            byte[]? content = stored is null ? null : await _content.ReadAsync(ScanRow.KeyOf(scan.Id), stored.Content, cancellationToken);
            IReadOnlyList<ImageReference> names = Join(stored?.Names ?? [], scan.Names);
            if (stored?.ScannedAt > scan.ScannedAt && content is not null && Compressed.TryRead(content, out Scan? newer))
            {
                if (await TryRenameAsync(stored, names, cancellationToken))
                {
                    return newer with { Names = names, SavedAt = stored.Listed.LastUpdated };
                }
            }
            else
            {
                Scan merged = scan with { Names = names, SavedAt = now, FirstInImage = FirstInImage(cves, content, now) };
                if (await TryCommitAsync(merged, summary, stored, cancellationToken))
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
        string[] cves = CvesOf(rematched);
        rematched = await WithFirstInSystemAsync(rematched, cves, now, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await RowAsync(stored.Id, cancellationToken) is not { } row || row.ScannedAt != stored.ScannedAt)
            {
                return null;
            }

            byte[]? content = await _content.ReadAsync(ScanRow.KeyOf(stored.Id), row.Content, cancellationToken);
            Scan merged = rematched with { Names = Join(row.Names, rematched.Names), SavedAt = now, FirstInImage = FirstInImage(cves, content, now) };
            if (await TryCommitAsync(merged, summary, row, cancellationToken))
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
        while (await RowAsync(id, cancellationToken) is { } row)
        {
            if (await _content.ReadAsync(ScanRow.KeyOf(id), row.Content, cancellationToken) is { } content)
            {
                if (Compressed.TryRead(content, out Scan? scan))
                {
                    return scan with { Names = row.Names, SavedAt = row.Listed.LastUpdated };
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

    /// <summary>Adds a name to a stored scan and returns all its names; null if there is no such scan.</summary>
    public async Task<IReadOnlyList<ImageReference>?> AddNameAsync(Digest id, ImageReference name, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await RowAsync(id, cancellationToken) is not { } stored)
            {
                return null;
            }

            IReadOnlyList<ImageReference> names = Join(stored.Names, [name]);
            if (await TryRenameAsync(stored, names, cancellationToken))
            {
                return names;
            }
        }

        throw Contended(id);
    }

    /// <summary>The manifest that an index (or manifest list) answers with on that platform; null if that is not known.</summary>
    public Task<Digest?> FindAliasAsync(Digest index, Platform platform, CancellationToken cancellationToken) =>
        _aliases.FindAsync(index, platform, cancellationToken);

    /// <summary>Remembers which manifest an index answers with on that platform.</summary>
    public Task SaveAliasAsync(Digest index, Platform platform, Digest manifest, CancellationToken cancellationToken) =>
        _aliases.SaveAsync(index, platform, manifest, cancellationToken);

    /// <summary>Every stored image, last saved first, then by id. Reads a short row an image, sixteen partitions side by side.</summary>
    public Task<IReadOnlyList<ListedImage>> ListAsync(CancellationToken cancellationToken) => _list.AllAsync(cancellationToken);

    /// <summary>How many images are stored.</summary>
    public Task<int> CountAsync(CancellationToken cancellationToken) => _list.CountAsync(cancellationToken);

    /// <summary>
    /// The images that were matched with advisories of another <see cref="AdvisoryOrigin.Rank"/>, or with none; reads their keys alone. What
    /// changes meanwhile may be there or not.
    /// </summary>
    public async IAsyncEnumerable<Digest> MatchedOtherwiseAsync(
        long advisoryRank, RankSide side, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        string filter = side == RankSide.Below
            ? TableClient.CreateQueryFilter($"AdvisoryRank lt {advisoryRank}")
            : TableClient.CreateQueryFilter($"AdvisoryRank ne {advisoryRank}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
        {
            if (Digest.TryParse(row.RowKey, out Digest? id))
            {
                yield return id;
            }
        }
    }

    /// <summary>Removes contents that no scan points to any more and returns how many; for a timer, once a day.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken) =>
        _content.SweepAsync(
            async (key, cancellation) => Digest.TryParse(key, out Digest? id) && await RowAsync(id, cancellation) is { } row ? row.Content.Generation : null,
            cancellationToken);

    private async Task<bool> TryCommitAsync(Scan scan, ScanSummary summary, ScanRow? stored, CancellationToken cancellationToken)
    {
        string key = ScanRow.KeyOf(scan.Id);
        ContentStamp stamp = await _content.WriteAsync(key, Compressed.Write(scan with { Names = [] }), cancellationToken);
        var listed = new ListedImage(scan.Id.ToString(), NameOf(scan.Names), summary, scan.Config.Created, scan.SavedAt!.Value);
        var row = new ScanRow(scan.Id, stamp, scan.Names, scan.ScannedAt, listed) { AdvisoryRank = scan.Match.Advisories?.Rank ?? 0 };

        // A writer whose answer was lost repeats its request and is refused for what it has written itself.
        bool committed = await TryPutAsync(row, stored, cancellationToken) || (await RowAsync(scan.Id, cancellationToken))?.Content == stamp;
        string? obsolete = committed ? stored?.Content.Generation : stamp.Generation;
        if (obsolete is not null)
        {
            await _content.DeleteObsoleteAsync(key, obsolete, cancellationToken);
        }

        return committed;
    }

    private async Task<bool> TryRenameAsync(ScanRow stored, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken) =>
        names.SequenceEqual(stored.Names)
        || await TryPutAsync(stored with { Names = names, Listed = stored.Listed with { Name = NameOf(names) } }, stored, cancellationToken);

    // False if the row is no longer the one that was read.
    private async Task<bool> TryPutAsync(ScanRow row, ScanRow? stored, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        try
        {
            if (stored is null)
            {
                await table.AddEntityAsync(row.ToEntity(), cancellationToken);
            }
            else
            {
                await table.UpdateEntityAsync(row.ToEntity(), stored.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private async Task<ScanRow?> RowAsync(Digest id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Images, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(
            ScanRow.PartitionOf(id), ScanRow.KeyOf(id), cancellationToken: cancellationToken);
        if (!row.HasValue)
        {
            return null;
        }

        return ScanRow.From(id, row.Value!)
            ?? throw new StorageException($"The row of {id} in {table.Name} is not readable. Delete it, and scan the image again.");
    }

    private static string[] CvesOf(Scan scan) =>
        [.. scan.Match.Packages.SelectMany(package => package.Findings).Select(finding => finding.Cve).Distinct(StringComparer.Ordinal)];

    private async Task<Scan> WithFirstInSystemAsync(Scan scan, string[] cves, DateTimeOffset now, CancellationToken cancellationToken) =>
        scan with { FirstInSystem = await _systems.SeeAsync(OperatingSystems.NameOf(scan.Inventory.Distribution), cves, now, cancellationToken) };

    // A CVE that comes back after an advisory was withdrawn keeps its first time.
    private static Dictionary<string, DateTimeOffset> FirstInImage(string[] cves, byte[]? stored, DateTimeOffset now)
    {
        var first = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        if (stored is not null && Compressed.TryRead(stored, out SavedOccurrences? saved))
        {
            foreach ((string cve, DateTimeOffset seen) in saved.FirstInImage)
            {
                first[cve] = seen;
            }
        }

        foreach (string cve in cves)
        {
            first.TryAdd(cve, now);
        }

        return first;
    }

    // The newest name is kept in any case: whoever builds one digest under ever new tags must not end by getting no answer.
    private static IReadOnlyList<ImageReference> Join(IReadOnlyList<ImageReference> stored, IReadOnlyList<ImageReference> added) =>
    [
        .. added.Concat(stored).DistinctBy(name => name.FullName, StringComparer.Ordinal).Take(StorageLimits.NamesPerImage)
            .OrderBy(name => name.FullName, StringComparer.Ordinal),
    ];

    private static string NameOf(IReadOnlyList<ImageReference> names) => names.Count > 0 ? names[0].FullName : "";

    private static StorageException Contended(Digest id) => StorageException.Contended($"The row of {id}");
}

/// <summary>Which ranks of advisories are meant.</summary>
public enum RankSide
{
    /// <summary>Lower ones.</summary>
    Below,

    /// <summary>Lower and higher ones.</summary>
    Both,
}
