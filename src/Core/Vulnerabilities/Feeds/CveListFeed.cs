using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Reads CVE metadata, one JSON object a line:
/// <c>{"id","state","published","modified","cvss":[[type,vector,score,source]]}</c>. Streams: of the file no more than a line is held.
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
        var reader = PipeReader.Create(lines, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            bool isSkipping = false;
            ReadResult read;
            do
            {
                read = await reader.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> buffer = read.Buffer;
                while (TryTakeLine(ref buffer, read.IsCompleted, out ReadOnlySequence<byte> line))
                {
                    if (!isSkipping && Parse(line, document.Name, report) is { } cve)
                    {
                        yield return cve;
                    }

                    isSkipping = false;
                }

                if (buffer.Length > MaxLineBytes)
                {
                    if (!isSkipping)
                    {
                        report.AddMalformed(document.Name, "has a line that is too long");
                    }

                    isSkipping = true;
                    buffer = buffer.Slice(buffer.End);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
            while (!read.IsCompleted);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } newLine)
        {
            line = buffer.Slice(0, newLine);
            buffer = buffer.Slice(buffer.GetPosition(1, newLine));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static CveMetadata? Parse(ReadOnlySequence<byte> line, string name, FeedReport report)
    {
        if (IsBlank(line))
        {
            return null;
        }

        try
        {
            if (line.Length <= MaxLineBytes)
            {
                var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
                using var document = JsonDocument.ParseValue(ref json);
                if (CveOf(document.RootElement, report) is { } cve)
                {
                    return cve;
                }
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
        if (cve.ValueKind != JsonValueKind.Object || Text(cve, "id") is not { Length: > 0 } id)
        {
            return null;
        }

        return new CveMetadata
        {
            Id = id,
            IsRejected = Text(cve, "state") == "REJECTED",
            PublishedOn = CveDates.Parse(Text(cve, "published")),
            LastModified = CveDates.Parse(Text(cve, "modified")),
            Scores = ScoresOf(cve, id, report),
        };
    }

    // Of several vectors of one kind: 3.1 before 3.0, as StackRox takes NVD's; then the CVE's own author (CNA) before those who
    // enrich it afterwards (ADP, at present CISA); then the first. Scores follow from the vectors, so the stated ones are not read.
    private static CvssScores ScoresOf(JsonElement cve, string id, FeedReport report)
    {
        (CvssV3? v3, int v3Rank) = (null, int.MaxValue);
        (CvssV2? v2, int v2Rank) = (null, int.MaxValue);
        (float? v4, int v4Rank) = (null, int.MaxValue);
        if (!cve.TryGetProperty("cvss", out JsonElement all) || all.ValueKind != JsonValueKind.Array)
        {
            return default;
        }

        foreach (JsonElement one in all.EnumerateArray())
        {
            (string? vector, int rank) = VectorOf(one);
            if (CvssV3.TryParse(vector, out CvssV3? parsedV3))
            {
                rank += vector!.StartsWith("CVSS:3.1/", StringComparison.Ordinal) ? 0 : 2;
                (v3, v3Rank) = rank < v3Rank ? (parsedV3, rank) : (v3, v3Rank);
            }
            else if (CvssV2.TryParse(vector, out CvssV2? parsedV2))
            {
                (v2, v2Rank) = rank < v2Rank ? (parsedV2, rank) : (v2, v2Rank);
            }
            else if (CvssV4.TryScore(vector, out float score))
            {
                (v4, v4Rank) = rank < v4Rank ? (score, rank) : (v4, v4Rank);
            }
            else
            {
                report.AddMalformed(id, "has a vector that its CVSS version does not allow (the rest is used)");
            }
        }

        return new CvssScores(v3, v2, v4);
    }

    private static (string? Vector, int Rank) VectorOf(JsonElement one)
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

    private static string? Text(JsonElement cve, string name) =>
        cve.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
