using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds.Nvd;

/// <summary>
/// NVD's feeds of CVEs in the form of its API 2.0 (https://nvd.nist.gov/vuln/data-feeds), one document a year and one with what changed in
/// the last eight days; pages of the API (https://nvd.nist.gov/developers/vulnerabilities) are read alike. Streams: one CVE is held at a time.
/// </summary>
/// <param name="time">Says which years there are, and which documents are old.</param>
public sealed class NvdFeed(TimeProvider time) : IAdvisoryFeed
{
    // Those of kernels list thousands of affected products and have some megabytes.
    private const int MaxEntryBytes = 32 * 1024 * 1024;

    // Its feed has everything before, too.
    private const int FirstYear = 2002;

    private const string Prefix = "nvdcve-2.0-";
    private const string Suffix = ".json.gz";
    private const string Modified = $"{Prefix}modified{Suffix}";
    private const string RetiredPrefix = "nvdcve-1.";

    // What changed is told for eight days, and a year's feed may be a day old when it is read.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(6);

    public NvdFeed()
        : this(TimeProvider.System)
    {
    }

    public FeedDescription Description { get; } = new()
    {
        Name = "nvd",
        Title = "NVD",
        Licence = "public domain, https://nvd.nist.gov/general/faq",
        Address = "https://nvd.nist.gov/feeds/json/cve/2.0",
    };

    // Products (cpe, cpematch) and the history of records say nothing about a CVE that a scan asks for.
    public bool Recognises(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        bool isJson = name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(Suffix, StringComparison.Ordinal);
        return isJson
            && (name.StartsWith(Prefix, StringComparison.Ordinal)
                || name.StartsWith(RetiredPrefix, StringComparison.Ordinal)
                || $"/{path}".Contains("/api/cve/", StringComparison.Ordinal));
    }

    /// <summary>
    /// Every year's document, and what changed after them, so that it counts; once the years have been read in the last six days, only what
    /// changed.
    /// </summary>
    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<string> years = [.. Enumerable.Range(FirstYear, now.Year - FirstYear + 1).Select(year => $"{Prefix}{year}{Suffix}")];
        if (now.Month == 1 && !known.ContainsKey(years[^1]))
        {
            // A year has no feed until its first CVE is there.
            await using FeedDocument? newest = await source.OpenAsync(years[^1], null, cancellationToken);
            if (newest is null)
            {
                years.RemoveAt(years.Count - 1);
            }
        }

        bool isFresh = years.All(year => known.TryGetValue(year, out KnownDocument? read) && now - read.ReadAt < MaxAge);
        return isFresh
            ? new FeedPlan { Documents = [new PlannedDocument(Modified) { IsWindow = true }], Kept = years }
            : new FeedPlan { Documents = [.. years.Select(year => new PlannedDocument(year)), new PlannedDocument(Modified) { IsWindow = true }] };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (document.Name.StartsWith(RetiredPrefix, StringComparison.Ordinal))
        {
            report.AddFailed(document.Name, "is of the 1.1 feeds, which NVD has retired; the 2.0 feeds are nvdcve-2.0-*.json.gz.");
            yield break;
        }

        await using Stream json = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        await foreach (var entry in JsonEntries.OfAsync(json, "vulnerabilities", MaxEntryBytes, cancellationToken))
        {
            if (NvdRecord.Read(entry, document.Name, report) is { } cve)
            {
                yield return cve;
            }
        }
    }
}
