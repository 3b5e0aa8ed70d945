namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Whose word counts where several sources speak about one CVE. The CVE list is the original (https://www.cve.org/About/Overview), NVD copies it
/// and adds its own scores (https://nvd.nist.gov/general/cve-process); EPSS and CISA's catalogue know one thing each.
/// </summary>
internal static class CveSources
{
    /// <summary>Puts together what is said about one CVE.</summary>
    /// <param name="statements">At least one, of one CVE, one of each feed.</param>
    /// <returns>The same in whatever order they come.</returns>
    public static CveMetadata Merge(IReadOnlyList<CveMetadata> statements)
    {
        // Of two copies of the list the fresher one.
        CveMetadata[] ordered = [.. statements.OrderBy(Rank).ThenByDescending(statement => statement.LastModified ?? default)
            .ThenBy(statement => statement.Feed, StringComparer.Ordinal)];
        return new CveMetadata
        {
            Id = ordered[0].Id,
            // NVD takes a rejection over within hours; nobody takes one back.
            IsRejected = ordered.Any(statement => statement.IsRejected),
            // When it was made public is the CVE list's own; NVD's is when NVD received it.
            PublishedOn = ordered.Select(statement => statement.PublishedOn).FirstOrDefault(date => date is not null),
            LastModified = ordered.Max(statement => statement.LastModified),
            Scores = ordered.Select(statement => statement.Scores).FirstOrDefault(scores => scores != default),
            NvdScores = ordered.Select(statement => statement.NvdScores).FirstOrDefault(scores => scores != default),
            Summary = ordered.Select(statement => statement.Summary).FirstOrDefault(summary => summary.Length > 0) ?? "",
            Epss = ordered.Select(statement => statement.Epss).FirstOrDefault(epss => epss is not null),
            // CISA's own entry says more than notes of it in CVE records, which have its date alone.
            Exploit = ordered.Select(statement => statement.Exploit).OfType<KnownExploit>().MaxBy(exploit => exploit.RequiredAction.Length > 0),
        };
    }

    private static int Rank(CveMetadata statement) => IsNvd(statement) ? 1 : 0;

    private static bool IsNvd(CveMetadata statement) =>
        statement.NvdScores != default || statement.Feed == "nvd" || statement.Feed.StartsWith("nvd-", StringComparison.Ordinal);
}
