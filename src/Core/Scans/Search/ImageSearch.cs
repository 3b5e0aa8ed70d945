using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Scans.Search;

/// <summary>
/// Finds stored images. A query that names a CVE, a component, a digest or the beginning of a name leads to its images by their keys; any other one is
/// held against the rows of a list. Where it leads to few images these are looked up, else the list is gone through, from its beginning and only as
/// far as the page reaches. Every method throws <see cref="StorageException"/>, and <see cref="ImageQueryException"/> for a query that would lead to
/// too much.
/// </summary>
public sealed class ImageSearch(ImageList list, TermStore terms, RiskLedger ledger)
{
    // A page of a list costs as much as some twenty look-ups, and holds a thousand rows.
    private const int Few = 1_000;
    private const int SideBySide = 16;

    // Rows of terms that one query reads at most: 500 requests.
    private const int MostTerms = 500_000;

    /// <summary>The images of a page of a list, in its order; those of the same value are in the order of their digests.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="sort">The order.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="limit">How many to give at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ListedImage>> PageAsync(
        ImageQuery query, ImageSort sort, int offset, int limit, CancellationToken cancellationToken)
    {
        if (query.IsEmpty)
        {
            return await list.PageAsync(sort.Order, sort.Direction, offset, limit, cancellationToken);
        }

        HashSet<string>? leads = await LeadsAsync(query, cancellationToken);
        if (leads is { Count: <= Few })
        {
            IEnumerable<ListedImage> found = await LookUpAsync(leads, query, cancellationToken);
            return [.. found.OrderBy(image => sort.Order.KeyOf(image, sort.Direction), StringComparer.Ordinal).Skip(offset).Take(limit)];
        }

        return await list.WalkAsync(sort.Order, sort.Direction, Math.Min(offset, Few) + limit, cancellationToken)
            .Where(image => IsMeant(image, query, leads)).Skip(offset).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>How many images there are that fit.</summary>
    public async Task<int> CountAsync(ImageQuery query, CancellationToken cancellationToken) =>
        query.IsEmpty ? await ledger.CountAsync(cancellationToken) : await FindAsync(query, cancellationToken).CountAsync(cancellationToken);

    /// <summary>All images that fit, in the order of their digests, as they come: no more than a few thousand are held.</summary>
    public async IAsyncEnumerable<ListedImage> FindAsync(ImageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string>? leads = await LeadsAsync(query, cancellationToken);
        if (leads is { Count: <= Few })
        {
            foreach (ListedImage image in (await LookUpAsync(leads, query, cancellationToken)).OrderBy(image => image.Id, StringComparer.Ordinal))
            {
                yield return image;
            }

            yield break;
        }

        await foreach (ListedImage image in list.WalkAsync(ImageOrder.Id, OrderDirection.Ascending, Few, cancellationToken))
        {
            if (IsMeant(image, query, leads))
            {
                yield return image;
            }
        }
    }

    /// <summary>The places by risk of all stored images, as of now.</summary>
    public Task<RiskRanks> RanksAsync(CancellationToken cancellationToken) => ledger.RanksAsync(cancellationToken);

    /// <summary>The place of a risk among all stored images: 1 is the riskiest.</summary>
    public async Task<long> RankOfAsync(float risk, CancellationToken cancellationToken) => (await RanksAsync(cancellationToken)).RankOf(risk);

    private static bool IsMeant(ListedImage image, ImageQuery query, HashSet<string>? leads) =>
        (leads is null || leads.Contains(image.Id)) && query.Fits(image);

    // Digests of which all that fit are some; null if that may be any.
    private async Task<HashSet<string>?> LeadsAsync(ImageQuery query, CancellationToken cancellationToken) =>
        query.Findings.Leading is { } leading ? await FindingsAsync(query.Findings, leading.Kind, leading.Values, cancellationToken)
        : query.IdPrefixes is { } digests ? await FewAsync(digests, DigestsAsync, cancellationToken)
        : query.NamePrefixes is { } names ? await FewAsync(names, list.NamedAsync, cancellationToken)
        : null;

    private async Task<HashSet<string>> FindingsAsync(
        FindingTerms asked, TermKind kind, IReadOnlyList<TextTest> values, CancellationToken cancellationToken)
    {
        var images = new HashSet<string>(StringComparer.Ordinal);
        int read = 0;
        foreach (QueryValue value in values.Select(value => value.Value))
        {
            await foreach (FoundTerm found in terms.FindAsync(kind, value.Text, value.Match == ValueMatch.Exact, cancellationToken))
            {
                if (++read > MostTerms)
                {
                    throw new ImageQueryException($"\"{HostileText.Plain(value.Text)}\" is the beginning of too much; give more of it");
                }

                if (found.Occurrences.Any(asked.Fits))
                {
                    images.Add(found.Image);
                }
            }
        }

        return images;
    }

    private static async Task<HashSet<string>?> FewAsync(
        IReadOnlyList<string> prefixes, Func<string, CancellationToken, IAsyncEnumerable<string>> findAsync, CancellationToken cancellationToken)
    {
        var images = new HashSet<string>(StringComparer.Ordinal);
        foreach (string prefix in prefixes)
        {
            await foreach (string image in findAsync(prefix, cancellationToken))
            {
                if (images.Add(image) && images.Count > Few)
                {
                    return null;
                }
            }
        }

        return images;
    }

    private IAsyncEnumerable<string> DigestsAsync(string prefix, CancellationToken cancellationToken) =>
        Digest.TryParse(prefix, out _) ? new[] { prefix }.ToAsyncEnumerable() : list.WithDigestAsync(prefix, cancellationToken);

    private async Task<IEnumerable<ListedImage>> LookUpAsync(IEnumerable<string> images, ImageQuery query, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<ListedImage>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(images, options, async (id, token) =>
        {
            if (await list.FindAsync(id, token) is { } image && query.Fits(image))
            {
                found.Add(image);
            }
        });
        return found;
    }
}
