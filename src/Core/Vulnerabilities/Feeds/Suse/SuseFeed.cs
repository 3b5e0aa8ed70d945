using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Feeds.Suse;

/// <summary>
/// SUSE's own OSV records of its updates, openSUSE's too: an archive of all, a list of when each was changed (<c>osv/all.json</c>: ids and dates,
/// no records) and each by itself beside the list (https://www.suse.com/support/security/, https://ftp.suse.com/pub/projects/security/osv/).
/// </summary>
/// <param name="time">Tells how old what is known is.</param>
public sealed class SuseFeed(TimeProvider time) : IAdvisoryFeed
{
    private static readonly OsvArchive Archive = new("osv.tar.bz2", "osv/all.json", "osv/");

    private static readonly OsvSelection Selection = new(
        _ => AdvisoryAuthority.Vendor, (_, advisory) => SuseUpdates.ReasonAgainst(advisory), ecosystem => ecosystem.Name is "SUSE" or "openSUSE");

    private readonly OsvIncrement _increment = new(time);

    public FeedDescription Description { get; } = new()
    {
        Name = "suse",
        Title = "SUSE security updates",
        Licence = "CC BY 4.0, https://www.suse.com/support/security/",
        Address = "https://ftp.suse.com/pub/projects/security",
    };

    public bool Recognises(string path) => OsvPaths.IsTar(path, "osv") || OsvPaths.IsRecordOf(path, "SUSE-", "openSUSE-");

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
