using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans;

/// <summary>
/// How the findings of an image went: what each re-match made of it, which is kept, and how other images are that have or had one of its names. What a scan
/// of the image's bytes found before is not kept.
/// </summary>
public sealed class ImageHistories(ScanStore store, ChangeStore changes, ImageList list)
{
    private const int MostNames = 3;

    // The scan of each is read whole.
    private const int MostImages = 10;

    // A name may have pointed at any number of images; which of them are the newest says a row of each.
    private const int MostRowsOfAName = 50;
    private const int SideBySide = 4;

    /// <summary>The history of a stored image. Throws <see cref="StorageException"/>.</summary>
    public async Task<FindingHistory> OfAsync(Scan scan, CancellationToken cancellationToken)
    {
        IReadOnlyList<FindingChanges> kept = await changes.ListAsync(scan.Id, cancellationToken);
        return new FindingHistory([.. PointsOf(scan, kept)], await ImagesAsync(scan, cancellationToken));
    }

    // What was kept by a version that did not count has no place here. A change that made the stored match is how it is now.
    private static IEnumerable<HistoryPoint> PointsOf(Scan scan, IReadOnlyList<FindingChanges> kept)
    {
        if (kept.All(change => change.After is null || change.At != scan.ScannedAt))
        {
            yield return new HistoryPoint(scan.ScannedAt, scan.Match.Advisories, SeverityCounts.Of(scan.Match), Before: null);
        }

        foreach (FindingChanges change in kept)
        {
            if (change.After is { } after)
            {
                yield return new HistoryPoint(change.At, change.To, after, change.Before);
            }
        }
    }

    private async Task<IReadOnlyList<NamedScan>> ImagesAsync(Scan scan, CancellationToken cancellationToken)
    {
        string[] names = [.. scan.Names.Take(MostNames).Select(name => name.FullName)];
        var found = new Dictionary<string, ListedImage>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            // Names that only begin so come after it.
            await foreach (string id in list.NamedAsync(name, cancellationToken).Take(MostRowsOfAName))
            {
                if (!found.ContainsKey(id) && await list.FindAsync(id, cancellationToken) is { } image && NameOf(image, names) is not null)
                {
                    found[id] = image;
                }
            }
        }

        ListedImage[] newest = [.. found.Values.OrderByDescending(image => image.Created ?? image.LastUpdated).ThenBy(image => image.Id).Take(MostImages)];
        var scans = new NamedScan?[newest.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, newest.Length, options, async (i, token) =>
        {
            // Null if it was deleted meanwhile.
            if (await store.FindAsync(Digest.Parse(newest[i].Id), token) is { } stored)
            {
                scans[i] = new NamedScan(newest[i].Id, NameOf(newest[i], names)!, newest[i].Created, stored.ScannedAt, SeverityCounts.Of(stored.Match));
            }
        });
        return [.. scans.OfType<NamedScan>()];
    }

    private static string? NameOf(ListedImage image, string[] names) => names.FirstOrDefault(name => image.Name == name || image.OtherNames.Contains(name));
}

/// <summary>How an image's findings went.</summary>
/// <param name="Points">How many there were over time, newest first.</param>
/// <param name="Images">The images that have or had one of its names, newest first.</param>
public sealed record FindingHistory(IReadOnlyList<HistoryPoint> Points, IReadOnlyList<NamedScan> Images);

/// <summary>How many findings there were from a moment on.</summary>
/// <param name="At">The moment.</param>
/// <param name="Advisories">What was asked; null if there were none.</param>
/// <param name="Counts">How many.</param>
/// <param name="Before">How many until then; null if nothing had changed.</param>
public sealed record HistoryPoint(DateTimeOffset At, AdvisoryOrigin? Advisories, SeverityCounts Counts, SeverityCounts? Before);

/// <summary>An image as it is stored, under a name that it shares.</summary>
/// <param name="Id">Its digest.</param>
/// <param name="Name">The full name.</param>
/// <param name="Created">When it was made; null if it does not say.</param>
/// <param name="ScannedAt">When its findings were last worked out.</param>
/// <param name="Counts">How many findings it has.</param>
public sealed record NamedScan(string Id, string Name, DateTimeOffset? Created, DateTimeOffset ScannedAt, SeverityCounts Counts);
