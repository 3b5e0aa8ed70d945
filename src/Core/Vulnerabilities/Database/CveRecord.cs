using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>CVE metadata in the form of a snapshot: scores follow from their vectors, so only these are kept.</summary>
internal static class CveRecord
{
    private const byte Rejected = 1;

    public static void Write(RecordWriter writer, CveMetadata cve)
    {
        writer.Byte(cve.IsRejected ? Rejected : (byte)0);
        writer.Date(cve.PublishedOn);
        writer.Date(cve.LastModified);
        writer.OptionalText(cve.Scores.V2?.Vector);
        writer.OptionalText(cve.Scores.V3?.Vector);
        // 4.0 scores have one decimal.
        writer.Number(cve.Scores.V4Score is { } score ? 1 + (int)MathF.Round(score * 10) : 0);
    }

    public static CveMetadata Read(string id, ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        byte state = reader.Byte();
        var published = reader.Date();
        var modified = reader.Date();
        var v2 = CvssV2.TryParse(reader.OptionalText(), out var parsedV2) ? parsedV2 : null;
        var v3 = CvssV3.TryParse(reader.OptionalText(), out var parsedV3) ? parsedV3 : null;
        ulong v4 = reader.Number();
        return new CveMetadata
        {
            Id = id,
            IsRejected = (state & Rejected) != 0,
            PublishedOn = published,
            LastModified = modified,
            Scores = new CvssScores(v3, v2, v4 is > 0 and <= 101 ? (v4 - 1) / 10f : null),
        };
    }
}
