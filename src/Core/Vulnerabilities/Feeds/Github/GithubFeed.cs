using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Vulnerabilities.Feeds.Github;

/// <summary>GitHub's advisories as its own repository has them (https://github.com/github/advisory-database).</summary>
public sealed class GithubFeed : IAdvisoryFeed
{
    private const string Unreviewed = "copied from NVD and reviewed by nobody";

    private static readonly OsvSelection Selection = new(
        _ => AdvisoryAuthority.Collected,
        (record, _) => record.IsReviewed ? null : Unreviewed,
        ecosystem => OsvEcosystem.Languages.Contains(ecosystem.Name));

    public FeedDescription Description { get; } = new()
    {
        Name = "github",
        Title = "GitHub Advisory Database",
        Licence = "CC BY 4.0, https://github.com/github/advisory-database/blob/main/LICENSE.md",
        Address = "https://github.com/github/advisory-database/archive/refs/heads/main.tar.gz",
        OffBecause = "OSV has the same records and offers them one by one; this archive is of some hundred megabytes each time",
    };

    public bool Recognises(string path) => IsOfGithub(path) && (path.EndsWith(".tar.gz", StringComparison.Ordinal) || OsvPaths.IsRecordOf(path, "GHSA-"));

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, CancellationToken cancellationToken) =>
        Selection.ReadAsync(document, report, cancellationToken);

    // An archive of a branch is named after the branch, so the folder has to say whose it is: "npm/ghsa/main.tar.gz", "advisory-database-main.tar.gz",
    // "advisories/github-reviewed/2023/08/GHSA-r285-q736-9v95/GHSA-r285-q736-9v95.json".
    private static bool IsOfGithub(string path) => path.Split('/').Any(part =>
        part is "ghsa" or "github" or "github-reviewed" or "unreviewed" || part.StartsWith("advisory-database", StringComparison.Ordinal));
}
