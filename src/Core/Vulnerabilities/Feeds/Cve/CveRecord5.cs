using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Cve;

/// <summary>Reads one CVE record of format 5 (https://cveproject.github.io/cve-schema/schema/docs/).</summary>
internal static class CveRecord5
{
    // The CVE's author comes before those who enrich its record.
    private const int Author = 0;
    private const int Enricher = 1;

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64 };
    private static readonly string[] Versions = ["cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"];

    /// <summary>What it says; null if it is none, which <paramref name="report"/> then has. Throws nothing.</summary>
    public static CveMetadata? Read(ReadOnlyMemory<byte> json, string document, FeedReport report)
    {
        try
        {
            using var record = JsonDocument.Parse(json, Bounded);
            if (JsonText.Member(record.RootElement, "cveMetadata") is { } metadata && JsonText.Short(metadata, "cveId") is { } id && CveId.IsOne(id))
            {
                return MetadataOf(record.RootElement, metadata, id, report);
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Counted below. InvalidOperationException: a text of it is no Unicode.
        }

        report.AddMalformed(document, "is no CVE record");
        return null;
    }

    private static CveMetadata MetadataOf(JsonElement record, JsonElement metadata, string id, FeedReport report)
    {
        JsonElement containers = JsonText.Member(record, "containers") ?? default;
        JsonElement author = JsonText.Member(containers, "cna") ?? default;
        JsonElement[] enrichers = [.. JsonText.List(containers, "adp", most: 20)];
        var scores = new ScoreChoice();
        KnownExploit? exploit = null;
        foreach (var (container, rank) in enrichers.Select(enricher => (enricher, Enricher)).Prepend((author, Author)))
        {
            foreach (JsonElement metric in JsonText.List(container, "metrics"))
            {
                AddScores(scores, metric, rank, id, report);
                exploit ??= rank == Enricher ? ExploitOf(metric) : null;
            }
        }

        return new CveMetadata
        {
            Id = id,
            IsRejected = JsonText.Short(metadata, "state") == "REJECTED",
            PublishedOn = CveDates.Parse(JsonText.Short(metadata, "datePublished")),
            LastModified = CveDates.Parse(JsonText.Short(metadata, "dateUpdated")),
            Summary = FeedSummary.Cut(JsonText.List(author, "descriptions")
                .Where(description => JsonText.Short(description, "lang")?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true)
                .Select(description => JsonText.Of(description, "value"))
                .FirstOrDefault()),
            Scores = scores.Scores,
            Exploit = exploit,
        };
    }

    private static void AddScores(ScoreChoice scores, JsonElement metric, int rank, string id, FeedReport report)
    {
        foreach (string version in Versions)
        {
            if (JsonText.Member(metric, version) is { } cvss && !scores.TryAdd(JsonText.Short(cvss, "vectorString"), rank))
            {
                report.AddMalformed(id, "has a vector that its CVSS version does not allow (the rest is used)");
            }
        }
    }

    // CISA notes in its container that a CVE is in its catalogue, and since when (https://github.com/cisagov/vulnrichment).
    private static KnownExploit? ExploitOf(JsonElement metric) =>
        JsonText.Member(metric, "other") is { } other
        && JsonText.Short(other, "type") == "kev"
        && JsonText.Member(other, "content") is { } content
        && CveDates.ParseDay(JsonText.Short(content, "dateAdded")) is { } added
            ? new KnownExploit(added, null)
            : null;
}
