using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

/// <summary>
/// Canonical's own OSV records (https://documentation.ubuntu.com/security/security-updates/osv/): one of each CVE, with every release it is open or
/// mended in, and the notices of updates. What only subscribers get is about releases of its own, <c>Ubuntu:Pro:18.04:LTS</c>.
/// </summary>
public sealed class UbuntuFeed : IAdvisoryFeed
{
    private static readonly OsvSelection Selection = new(
        _ => AdvisoryAuthority.Vendor, (_, advisory) => UbuntuNotices.ReasonAgainst(advisory), ecosystem => ecosystem.Name == "Ubuntu");

    public FeedDescription Description { get; } = new()
    {
        Name = "ubuntu",
        Title = "Ubuntu security notices and CVE records",
        Licence = "CC BY-SA 4.0, https://github.com/canonical/ubuntu-security-notices/blob/main/LICENSE",
        Address = "https://security-metadata.canonical.com/osv/osv-all.tar.xz",
    };

    public bool Recognises(string path) => OsvPaths.IsTar(path, "osv-all") || OsvPaths.IsRecordOf(path, "UBUNTU-CVE-", "USN-", "LSN-");

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        Selection.ReadAsync(document, report, cancellationToken);
}
