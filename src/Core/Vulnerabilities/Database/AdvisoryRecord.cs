namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What a finding tells of its advisory.</summary>
public sealed record AdvisoryRecord
{
    public required string Id { get; init; }

    /// <summary>
    /// What it is a finding of: its CVEs; without any, those of its aliases; without these, one id that all aliases share. Never empty.
    /// </summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Other ids of the same vulnerability, ordered; never CVEs.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public DateTimeOffset? Published { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public string Summary { get; init; } = "";

    /// <summary>"" or an http(s) address.</summary>
    public string Link { get; init; } = "";

    public string? SeverityWord { get; init; }

    public CvssVectors Vectors { get; init; } = CvssVectors.None;

    /// <summary>Writes all but names and aliases.</summary>
    internal static void WriteBody(RecordWriter writer, Advisory advisory, SnapshotTexts texts)
    {
        writer.Text(advisory.Id);
        writer.Date(advisory.Published);
        writer.Date(advisory.Modified);
        writer.OptionalText(advisory.SeverityWord);
        writer.OptionalText(advisory.Vectors.V2);
        writer.OptionalText(advisory.Vectors.V3);
        writer.OptionalText(advisory.Vectors.V4);
        writer.Text(advisory.Link);
        writer.Text(texts == SnapshotTexts.FactsOnly ? "" : advisory.Summary);
    }

    internal static AdvisoryRecord Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        string[] names = reader.Texts();
        var advisory = new AdvisoryRecord
        {
            Names = names.Length > 0 ? names : throw new InvalidDataException("An advisory in it is about nothing."),
            Aliases = reader.Texts(),
            Id = reader.Text(),
            Published = reader.Date(),
            Modified = reader.Date(),
            SeverityWord = reader.OptionalText(),
            Vectors = new CvssVectors(reader.OptionalText(), reader.OptionalText(), reader.OptionalText()),
            Link = reader.Text(),
            Summary = reader.Text(),
        };
        reader.End();
        return advisory;
    }
}
