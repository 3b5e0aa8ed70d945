using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>
/// Reads the advisories of Amazon Linux 2 with its extras, 2022 and 2023 out of their package repositories. The first Amazon Linux is
/// elsewhere: see <see cref="AmazonLinux1Feed"/>.
/// </summary>
public sealed partial class AmazonFeed : IAdvisoryFeed
{
    private const string ExtrasList = "2/extras-catalog.json";
    private const int MaxExtrasBytes = 16 * 1024 * 1024;

    // The addresses are those of https://github.com/MaineK00n/vuls-data-update/blob/main/pkg/fetch/amazon/amazon.go.
    private static readonly string[] Needed =
    [
        "2/core/latest/x86_64/mirror.list",
        "al2023/core/mirrors/latest/x86_64/mirror.list",
    ];

    private static readonly string[] Others =
    [
        "al2022/core/mirrors/latest/x86_64/mirror.list",
        "al2023/kernel-livepatch/mirrors/latest/x86_64/mirror.list",
        "al2023/nvidia/mirrors/latest/x86_64/mirror.list",
    ];

    public FeedDescription Description { get; } = new()
    {
        Name = "amazon",
        Title = "Amazon Linux Security Center (ALAS)",
        Licence = "none stated, https://alas.aws.amazon.com/",
        Address = "https://cdn.amazonlinux.com",
    };

    public bool Recognises(string path) => DocumentPath().IsMatch(path) && !AmazonLinux1Feed.IsDocument(path);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        var repository = new AmazonRepository(source, source);
        var documents = new List<PlannedDocument>();
        foreach (string list in Needed)
        {
            documents.Add(new PlannedDocument(await repository.AdvisoriesAsync(list, cancellationToken)
                ?? throw new FeedException($"{source.Location} has no advisories below {list}.")));
        }

        foreach (string list in Others.Concat(await ExtrasAsync(source, cancellationToken)))
        {
            if (await repository.AdvisoriesAsync(list, cancellationToken) is { } path)
            {
                documents.Add(new PlannedDocument(path));
            }
        }

        return new FeedPlan { Documents = documents };
    }

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        AmazonDocument.ReadAsync(document, report, cancellationToken);

    private static async Task<IReadOnlyList<string>> ExtrasAsync(FeedSource source, CancellationToken cancellationToken)
    {
        await using FeedDocument catalogue = await source.OpenAsync(ExtrasList, null, cancellationToken)
            ?? throw new FeedException($"{source.Location} has no {ExtrasList}.");
        byte[] json = await FeedContent.ReadAllAsync(catalogue.Content, MaxExtrasBytes, cancellationToken);
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        bool isCatalogue = false;
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(new MemoryStream(json), depth: 2, cancellationToken))
        {
            isCatalogue |= piece.Path is ["topics", ..];
            if (piece.Path is ["topics", ""] && JsonTexts.Text(piece.Value, "n") is { } topic && Topic().IsMatch(topic))
            {
                topics.Add(topic);
            }
        }

        return isCatalogue
            ? [.. topics.Select(topic => $"2/extras/{topic}/latest/x86_64/mirror.list")]
            : throw new FeedException($"{ExtrasList} is no catalogue of extras.");
    }

    [GeneratedRegex(@"(^|/)(2/(core|extras)/|al20\d\d/|amazon/)([^/]+/)*[^/]*updateinfo([_.-][^/]*)?\.xml(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentPath();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$")]
    private static partial Regex Topic();
}
