using System.Runtime.CompilerServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;

/// <summary>
/// When releases of distributions stop to be mended, as https://endoflife.date gathers it: all products of its API, or the repository's archive
/// with one page a product.
/// </summary>
public sealed class EndOfLifeFeed : IAdvisoryFeed
{
    // A product has some hundred releases at most, each less than 1 KB.
    private const int MaxProductBytes = 4 * 1024 * 1024;
    private const string Folder = "endoflife";

    // POSIX tar, which git writes (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html).
    private const int TarMagicAt = 257;

    private static ReadOnlySpan<byte> TarMagic => "ustar"u8;

    public FeedDescription Description { get; } = new()
    {
        Name = "endoflife",
        Title = "endoflife.date",
        Licence = "MIT, https://github.com/endoflife-date/endoflife.date/blob/master/LICENSE",
        Address = "https://endoflife.date/api/v1/products/full",
    };

    /// <summary>
    /// A copy of the API's answer or of the repository's archive, under a folder or a name that has <c>endoflife</c> in it: <c>full.json</c> and
    /// <c>master.tar.gz</c> alone could be anything.
    /// </summary>
    public bool Recognises(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return path.Contains(Folder, StringComparison.Ordinal)
            && (name.EndsWith(".tar.gz", StringComparison.Ordinal)
                || name.EndsWith(".json", StringComparison.Ordinal)
                || name.EndsWith(".json.gz", StringComparison.Ordinal)
                || name == "full");
    }

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream unpacked = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        byte[] first = new byte[TarMagicAt + TarMagic.Length];
        int length = await unpacked.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellationToken);
        await using var content = new RewoundStream(first.AsMemory(0, length), unpacked);
        IAsyncEnumerable<ReleaseEnd> ends = first.AsSpan(TarMagicAt).SequenceEqual(TarMagic)
            ? PagesAsync(content, report, cancellationToken)
            : ProductsAsync(content, report, cancellationToken);
        await foreach (var end in ends)
        {
            yield return end;
        }
    }

    private static async IAsyncEnumerable<ReleaseEnd> ProductsAsync(
        Stream json, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var product in JsonEntries.OfAsync(json, "result", MaxProductBytes, cancellationToken))
        {
            foreach (var end in EndOfLifeProduct.EndsOf(product, report))
            {
                yield return end;
            }
        }
    }

    private static async IAsyncEnumerable<ReleaseEnd> PagesAsync(
        Stream archive, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in FeedContent.FilesOfTarAsync(archive, cancellationToken))
        {
            string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
            if (!file.Path.EndsWith($"/products/{name}", StringComparison.Ordinal) || !name.EndsWith(".md", StringComparison.Ordinal))
            {
                continue;
            }

            string product = name[..^".md".Length];
            if (!EndOfLifeProduct.IsDistribution(product))
            {
                report.AddSkipped(EndOfLifeProduct.NoDistribution);
                continue;
            }

            string page = Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(file.Content, MaxProductBytes, cancellationToken));
            foreach (var end in EndOfLifePage.EndsOf(product, page, report))
            {
                yield return end;
            }
        }
    }
}
