using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Nvd;

/// <summary>
/// Reads one entry of <c>vulnerabilities</c>, which feeds and API share
/// (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema).
/// </summary>
internal static class NvdRecord
{
    private const string Nvd = "nvd@nist.gov";

    // By whose a score is: NVD's own; what NVD lets stand as its own; the CVE's author's; and of who enriched its record.
    private const int OwnOfNvd = 0;
    private const int TakenByNvd = 1;
    private const int Author = 0;
    private const int Enricher = 1;

    private static readonly string[] MetricLists = ["cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"];

    /// <summary>What it says; null if it is none, which <paramref name="report"/> then has. Throws nothing.</summary>
    public static CveMetadata? Read(JsonElement entry, string document, FeedReport report)
    {
        try
        {
            if (JsonText.Member(entry, "cve") is { } cve && JsonText.Short(cve, "id") is { } id && CveId.IsOne(id))
            {
                return MetadataOf(cve, id, report);
            }
        }
        catch (InvalidOperationException)
        {
            // A text of it is no Unicode.
        }

        report.AddMalformed(document, "has an entry that is no CVE");
        return null;
    }

    private static CveMetadata MetadataOf(JsonElement cve, string id, FeedReport report)
    {
        (var nvd, var others) = ScoresOf(cve, id, report);
        return new CveMetadata
        {
            Id = id,
            IsRejected = JsonText.Short(cve, "vulnStatus") == "Rejected",
            PublishedOn = CveDates.Parse(JsonText.Short(cve, "published")),
            LastModified = CveDates.Parse(JsonText.Short(cve, "lastModified")),
            Summary = FeedSummary.Cut(JsonText.List(cve, "descriptions")
                .Where(description => JsonText.Short(description, "lang") == "en")
                .Select(description => JsonText.Of(description, "value"))
                .FirstOrDefault()),
            NvdScores = nvd.Scores,
            Scores = others.Scores,
        };
    }

    // Of type Primary are NVD's own and those of authors whose scores NVD takes for its own without adding one (provider level of its
    // collaboration programme, https://nvd.nist.gov/vuln/cvmap); both kinds of others are Secondary.
    private static (ScoreChoice Nvd, ScoreChoice Others) ScoresOf(JsonElement cve, string id, FeedReport report)
    {
        (var nvd, var others) = (new ScoreChoice(), new ScoreChoice());
        string? author = JsonText.Short(cve, "sourceIdentifier");
        JsonElement metrics = JsonText.Member(cve, "metrics") ?? default;
        foreach (JsonElement metric in MetricLists.SelectMany(list => JsonText.List(metrics, list)))
        {
            string? vector = JsonText.Member(metric, "cvssData") is { } data ? JsonText.Short(data, "vectorString") : null;
            string? source = JsonText.Short(metric, "source");
            bool isUsed = true;
            if (source == Nvd || JsonText.Short(metric, "type") == "Primary")
            {
                isUsed &= nvd.TryAdd(vector, source == Nvd ? OwnOfNvd : TakenByNvd);
            }

            if (source != Nvd)
            {
                isUsed &= others.TryAdd(vector, source == author ? Author : Enricher);
            }

            if (!isUsed)
            {
                report.AddMalformed(id, "has a vector that its CVSS version does not allow (the rest is used)");
            }
        }

        return (nvd, others);
    }
}
