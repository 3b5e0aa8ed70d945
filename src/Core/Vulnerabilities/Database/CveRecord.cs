using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>CVE metadata in the form of a snapshot: scores follow from their vectors, so only these are kept.</summary>
internal static class CveRecord
{
    private const byte Rejected = 1;
    private const byte HasNvd = 2;
    private const byte HasEpss = 4;
    private const byte HasExploit = 8;

    // EPSS gives five decimals.
    private const float EpssSteps = 100_000;

    public static void Write(RecordWriter writer, CveMetadata cve)
    {
        writer.Byte((byte)((cve.IsRejected ? Rejected : 0)
            | (cve.NvdScores == default ? 0 : HasNvd)
            | (cve.Epss is null ? 0 : HasEpss)
            | (cve.Exploit is null ? 0 : HasExploit)));
        writer.Date(cve.PublishedOn);
        writer.Date(cve.LastModified);
        Write(writer, cve.Scores);
        if (cve.NvdScores != default)
        {
            Write(writer, cve.NvdScores);
        }

        if (cve.Epss is { } epss)
        {
            writer.Number((int)MathF.Round(Math.Clamp(epss.Probability, 0, 1) * EpssSteps));
            writer.Number((int)MathF.Round(Math.Clamp(epss.Percentile, 0, 1) * EpssSteps));
        }

        if (cve.Exploit is { } exploit)
        {
            writer.Day(exploit.DateAdded);
            writer.Day(exploit.DueDate);
            writer.Text(exploit.ShortDescription);
            writer.Text(exploit.RequiredAction);
            writer.Text(exploit.RansomwareCampaignUse);
        }

        writer.Text(cve.Summary);
    }

    public static CveMetadata Read(string id, ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        byte parts = reader.Byte();
        var cve = new CveMetadata
        {
            Id = id,
            IsRejected = (parts & Rejected) != 0,
            PublishedOn = reader.Date(),
            LastModified = reader.Date(),
            Scores = ReadScores(ref reader),
            NvdScores = (parts & HasNvd) != 0 ? ReadScores(ref reader) : default,
            Epss = (parts & HasEpss) != 0 ? new EpssScore(reader.Number() / EpssSteps, reader.Number() / EpssSteps) : null,
            Exploit = (parts & HasExploit) != 0 ? ReadExploit(ref reader) : null,
            Summary = reader.Text(),
        };
        reader.End();
        return cve;
    }

    private static void Write(RecordWriter writer, CvssScores scores)
    {
        writer.OptionalText(scores.V2?.Vector);
        writer.OptionalText(scores.V3?.Vector);
        // 4.0 scores have one decimal.
        writer.Number(scores.V4Score is { } score ? 1 + (int)MathF.Round(score * 10) : 0);
    }

    private static CvssScores ReadScores(ref RecordReader reader)
    {
        var v2 = CvssV2.TryParse(reader.OptionalText(), out var parsedV2) ? parsedV2 : null;
        var v3 = CvssV3.TryParse(reader.OptionalText(), out var parsedV3) ? parsedV3 : null;
        ulong v4 = reader.Number();
        return new CvssScores(v3, v2, v4 is > 0 and <= 101 ? (v4 - 1) / 10f : null);
    }

    private static KnownExploit ReadExploit(ref RecordReader reader) => new(reader.Day(), reader.Day())
    {
        ShortDescription = reader.Text(),
        RequiredAction = reader.Text(),
        RansomwareCampaignUse = reader.Text(),
    };
}
