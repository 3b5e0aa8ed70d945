using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Feeds.Chainguard;

/// <summary>
/// Chainguard's own OSV records about its packages and Wolfi's, one for each architecture, also of what is not mended yet
/// (https://github.com/chainguard-dev/vulnerability-scanner-support/blob/main/docs/osv_v3_feed.md).
/// </summary>
/// <param name="time">Tells how old what is known is.</param>
public sealed class ChainguardFeed(TimeProvider time) : IAdvisoryFeed
{
    private static readonly OsvArchive Archive = new("chainguard-osv.tar.gz", "all.json", "");

    private static readonly OsvSelection Selection = new(
        _ => AdvisoryAuthority.Vendor, (_, _) => null, ecosystem => ecosystem.Name is "Chainguard" or "Wolfi");

    private readonly OsvIncrement _increment = new(time);

    public FeedDescription Description { get; } = new()
    {
        Name = "chainguard",
        Title = "Chainguard and Wolfi advisories",
        Licence = "CC BY-NC-ND 4.0, https://github.com/chainguard-dev/vulnerability-scanner-support",
        Address = "https://advisories.cgr.dev/chainguard/v3/osv",
        OffBecause = "its licence forbids commercial use and changed copies; Chainguard licenses commercial scanners separately",
    };

    public bool Recognises(string path) => OsvPaths.IsTar(path, "chainguard-osv") || OsvPaths.IsRecordOf(path, "CGA-");

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        if (Recognises(source.Location.Split('?')[0]))
        {
            return new FeedPlan { Documents = [new PlannedDocument("")] };
        }

        var plan = new OsvPlan();
        await _increment.AddAsync(source, Archive, known.GetValueOrDefault(Archive.Path), plan, cancellationToken);
        return plan.Done();
    }

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        Selection.ReadAsync(document, report, cancellationToken);
}
