using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Reads CVE metadata, one JSON object a line:
/// <c>{"id","state","published","modified","cvss":[[type,vector,score,source]]}</c>, already decompressed. Streams: of the file
/// no more than a line is held.
/// </summary>
/// <param name="lines">The text; stays open.</param>
public sealed class CveMetadataFeed(Stream lines)
{
    /// <summary>The longest line taken, 256 KiB; the real ones stay below 2 KiB.</summary>
    public const int MaxLineBytes = 256 * 1024;

    /// <summary>Lines so far that were not read as a CVE: no JSON, the wrong shape, no id, too long.</summary>
    public int MalformedLines { get; private set; }

    /// <summary>Vectors so far that their CVSS version does not allow, or of an unknown version. The rest of their line counts.</summary>
    public int MalformedVectors { get; private set; }

    /// <summary>The CVEs in the order of the file. Throws only what the stream throws.</summary>
    public async IAsyncEnumerable<CveMetadata> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
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
                    if (!isSkipping && Parse(line) is { } cve)
                    {
                        yield return cve;
                    }

                    isSkipping = false;
                }

                if (buffer.Length > MaxLineBytes)
                {
                    MalformedLines += isSkipping ? 0 : 1;
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

    private CveMetadata? Parse(ReadOnlySequence<byte> line)
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
                if (CveOf(document.RootElement) is { } cve)
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

        MalformedLines++;
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

    private CveMetadata? CveOf(JsonElement cve)
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
            Scores = ScoresOf(cve),
        };
    }

    // Of several vectors of one kind: 3.1 before 3.0, as StackRox takes NVD's; then the CVE's own author (CNA) before those who
    // enrich it afterwards (ADP, at present CISA); then the first. Scores follow from the vectors, so the stated ones are not read.
    private CvssScores ScoresOf(JsonElement cve)
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
                MalformedVectors++;
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
