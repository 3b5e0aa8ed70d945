using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>
/// Reads the advisories of the first Amazon Linux, 2018.03. They have a feed of their own since they lie on hosts of their own
/// (https://github.com/quay/claircore/blob/main/aws/releases.go).
/// </summary>
public sealed partial class AmazonLinux1Feed : IAdvisoryFeed
{
    private const string Packages = "http://packages.us-west-2.amazonaws.com";
    private const string Lists = "http://repo.us-west-2.amazonaws.com";
    private const string List = "2018.03/updates/x86_64/mirror.list";

    public FeedDescription Description { get; } = new()
    {
        Name = "amazon-1",
        Title = "Amazon Linux 1 (ALAS)",
        Licence = "none stated, https://alas.aws.amazon.com/alas.html",
        Address = Packages,
        OffBecause = "Amazon Linux 1 ended on 2023-12-31, and its advisories are served without TLS, so anybody on the way could change them",
    };

    public bool Recognises(string path) => IsDocument(path);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        // A mirror has the list beside the rest.
        FeedSource lists = source.Location.TrimEnd('/') == Packages ? source.At(Lists) : source;
        return await new AmazonRepository(source, lists).AdvisoriesAsync(List, cancellationToken) is { } path
            ? new FeedPlan { Documents = [new PlannedDocument(path)] }
            : throw new FeedException($"{lists.Location} has no advisories below {List}.");
    }

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        AmazonDocument.ReadAsync(document, report, cancellationToken);

    internal static bool IsDocument(string path) => DocumentPath().IsMatch(path);

    [GeneratedRegex(@"(^|/)(2018\.03/updates/([^/]+/)*[^/]*updateinfo([_.-][^/]*)?|amazon/updateinfo_1)\.xml(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentPath();
}
