using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Cisa;

/// <summary>
/// CISA's catalogue of vulnerabilities that are known to be exploited; its form is
/// https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities_schema.json.
/// </summary>
public sealed class KevFeed : IAdvisoryFeed
{
    private const string FileName = "known_exploited_vulnerabilities.json";

    // An entry has about 1 KB.
    private const int MaxEntryBytes = 1024 * 1024;

    public FeedDescription Description { get; } = new()
    {
        Name = "kev",
        Title = "CISA, known exploited vulnerabilities",
        Licence = "CC0-1.0, https://www.cisa.gov/sites/default/files/licenses/kev/license.txt",
        Address = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
    };

    public bool Recognises(string path) => path == FileName || path.EndsWith("/" + FileName, StringComparison.Ordinal);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream json = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        await foreach (var entry in JsonEntries.OfAsync(json, "vulnerabilities", MaxEntryBytes, cancellationToken))
        {
            if (TryRead(entry, report) is { } cve)
            {
                yield return cve;
            }
        }
    }

    private static CveMetadata? TryRead(JsonElement entry, FeedReport report)
    {
        try
        {
            if (JsonText.Short(entry, "cveID") is { } id && CveId.IsOne(id))
            {
                return Read(entry, id, report);
            }
        }
        catch (InvalidOperationException)
        {
            // A text of it is no Unicode.
        }

        report.AddMalformed(FileName, "has an entry without a CVE");
        return null;
    }

    private static CveMetadata Read(JsonElement entry, string id, FeedReport report)
    {
        DateOnly? added = CveDates.ParseDay(JsonText.Short(entry, "dateAdded"));
        if (added is null)
        {
            report.AddMalformed(id, "has no valid date 'dateAdded' (the rest is used)");
        }

        return new CveMetadata
        {
            Id = id,
            Exploit = new KnownExploit(added, CveDates.ParseDay(JsonText.Short(entry, "dueDate")))
            {
                ShortDescription = FeedSummary.Cut(JsonText.Of(entry, "shortDescription")),
                RequiredAction = FeedSummary.Cut(JsonText.Of(entry, "requiredAction")),
                RansomwareCampaignUse = JsonText.Short(entry, "knownRansomwareCampaignUse") ?? "",
            },
        };
    }
}
