using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Cve;

/// <summary>
/// Reads CVE metadata, one JSON object a line:
/// <c>{"id","state","published","modified","cvss":[[type,vector,score,source]],"kev":date}</c>. Streams: of the file no more than a line is held.
/// </summary>
public sealed class CveListFeed : IAdvisoryFeed
{
    /// <summary>The longest line taken, 256 KiB; the real ones stay below 2 KiB.</summary>
    public const int MaxLineBytes = 256 * 1024;

    private const string FileName = "cve-metadata.jsonl.gz";

    public FeedDescription Description { get; } = new()
    {
        Name = "cve-list",
        Title = "CVE records, reduced",
        Licence = "CC0, https://www.cve.org/Legal/TermsOfUse",
        Address = "",
        OffBecause = "nobody publishes this form; it is made by hand from https://github.com/CVEProject/cvelistV5",
    };

    public bool Recognises(string path) => path == FileName || path.EndsWith("/" + FileName, StringComparison.Ordinal);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream lines = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        await foreach (ReadOnlySequence<byte> line in FeedLines.OfAsync(lines, MaxLineBytes, TooLong, cancellationToken))
        {
            if (Parse(line, document.Name, report) is { } cve)
            {
                yield return cve;
            }
        }

        void TooLong() => report.AddMalformed(document.Name, "has a line that is too long");
    }

    private static CveMetadata? Parse(ReadOnlySequence<byte> line, string name, FeedReport report)
    {
        if (IsBlank(line))
        {
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref json);
            if (CveOf(document.RootElement, report) is { } cve)
            {
                return cve;
            }
        }
        catch (JsonException)
        {
            // Counted below, like every other line that is no CVE.
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json's word for a string that is no valid UTF-8 or UTF-16.
        }

        report.AddMalformed(name, "has a line that is no CVE record");
        return null;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> segment in line)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }

    private static CveMetadata? CveOf(JsonElement cve, FeedReport report)
    {
        if (JsonText.Short(cve, "id") is not { Length: > 0 } id)
        {
            return null;
        }

        return new CveMetadata
        {
            Id = id,
            IsRejected = JsonText.Short(cve, "state") == "REJECTED",
            PublishedOn = CveDates.Parse(JsonText.Short(cve, "published")),
            LastModified = CveDates.Parse(JsonText.Short(cve, "modified")),
            Scores = ScoresOf(cve, id, report),
            Exploit = CveDates.ParseDay(JsonText.Short(cve, "kev")) is { } added ? new KnownExploit(added, null) : null,
        };
    }

    // The CVE's own author (CNA) comes before those who enrich it afterwards (ADP, at present CISA).
    private static CvssScores ScoresOf(JsonElement cve, string id, FeedReport report)
    {
        var choice = new ScoreChoice();
        foreach (JsonElement one in JsonText.List(cve, "cvss"))
        {
            (string? vector, int author) = VectorOf(one);
            if (!choice.TryAdd(vector, author))
            {
                report.AddMalformed(id, "has a vector that its CVSS version does not allow (the rest is used)");
            }
        }

        return choice.Scores;
    }

    private static (string? Vector, int Author) VectorOf(JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Array || one.GetArrayLength() < 2 || one[1].ValueKind != JsonValueKind.String)
        {
            return (null, 0);
        }

        bool isAdp = one.GetArrayLength() > 3
            && one[3].ValueKind == JsonValueKind.String
            && one[3].GetString()!.EndsWith("-ADP", StringComparison.OrdinalIgnoreCase);
        return (one[1].GetString(), isAdp ? 1 : 0);
    }
}
