namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What one advisory says about one package: all that matching needs. Its members are those of <see cref="AffectedPackage"/>.</summary>
/// <param name="Advisory">The advisory's number in its snapshot.</param>
/// <param name="Versions">Affected versions that none of <paramref name="Ranges"/> holds.</param>
/// <param name="Ranges">Spans of affected versions.</param>
/// <param name="SeverityWord">The source's word for this package alone; null if there is none.</param>
/// <param name="Vectors">Vectors for this package alone.</param>
public sealed record Posting(
    int Advisory,
    IReadOnlyList<string> Versions,
    IReadOnlyList<VersionRange> Ranges,
    string? SeverityWord,
    CvssVectors Vectors)
{
    private const byte HasSeverityWord = 1;
    private const byte HasVectors = 2;
    private const byte HasQualifiers = 4;
    private const byte HasErratum = 8;
    private const byte HasFixedOn = 16;

    // The introduction before all versions is in nearly every range: one byte.
    private const byte IntroducedBeforeAll = 0xFF;

    public AdvisoryStatus Status { get; init; }

    public PackageNameKind NameKind { get; init; }

    public string? Module { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];

    public string? Repository { get; init; }

    public string? Erratum { get; init; }

    public DateTimeOffset? FixedOn { get; init; }

    /// <summary>Writes all but the number of the advisory.</summary>
    internal static void Write(RecordWriter writer, AffectedPackage affected, IReadOnlyCollection<string> versions)
    {
        byte parts = PartsOf(affected);
        writer.Byte(parts);
        if ((parts & HasSeverityWord) != 0)
        {
            writer.Text(affected.SeverityWord!);
        }

        if ((parts & HasVectors) != 0)
        {
            writer.OptionalText(affected.Vectors.V2);
            writer.OptionalText(affected.Vectors.V3);
            writer.OptionalText(affected.Vectors.V4);
        }

        if ((parts & HasQualifiers) != 0)
        {
            writer.Byte((byte)affected.Status);
            writer.Byte((byte)affected.NameKind);
            writer.OptionalText(affected.Module);
            writer.Texts(affected.Architectures);
            writer.OptionalText(affected.Repository);
        }

        if ((parts & HasErratum) != 0)
        {
            writer.Text(affected.Erratum!);
        }

        if ((parts & HasFixedOn) != 0)
        {
            writer.Date(affected.FixedOn);
        }

        writer.Texts(versions);
        WriteRanges(writer, affected.Ranges);
    }

    internal static Posting Read(ref RecordReader reader)
    {
        ulong advisory = reader.Number();
        byte parts = reader.Byte();
        string? word = (parts & HasSeverityWord) == 0 ? null : reader.Text();
        var vectors = (parts & HasVectors) == 0
            ? CvssVectors.None
            : new CvssVectors(reader.OptionalText(), reader.OptionalText(), reader.OptionalText());
        var (status, kind, module, architectures, repository) = (parts & HasQualifiers) == 0
            ? (AdvisoryStatus.Affected, PackageNameKind.Usual, null, [], null)
            : (StatusOf(reader.Byte()), KindOf(reader.Byte()), reader.OptionalText(), reader.Texts(), reader.OptionalText());
        string? erratum = (parts & HasErratum) == 0 ? null : reader.Text();
        DateTimeOffset? fixedOn = (parts & HasFixedOn) == 0 ? null : reader.Date();
        string[] versions = reader.Texts();
        var ranges = new VersionRange[reader.Count()];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = ReadRange(ref reader);
        }

        return advisory > int.MaxValue ? throw new InvalidDataException("An advisory in it has no valid number.") :
            new Posting((int)advisory, versions, ranges, word, vectors)
            {
                Status = status,
                NameKind = kind,
                Module = module,
                Architectures = architectures,
                Repository = repository,
                Erratum = erratum,
                FixedOn = fixedOn,
            };
    }

    private static byte PartsOf(AffectedPackage affected)
    {
        bool isQualified = affected.Status != AdvisoryStatus.Affected || affected.NameKind != PackageNameKind.Usual || affected.Module is not null
            || affected.Architectures.Count > 0 || affected.Repository is not null;
        return (byte)((affected.SeverityWord is not null ? HasSeverityWord : 0)
            | (affected.Vectors.IsEmpty ? 0 : HasVectors)
            | (isQualified ? HasQualifiers : 0)
            | (affected.Erratum is not null ? HasErratum : 0)
            | (affected.FixedOn is not null ? HasFixedOn : 0));
    }

    private static AdvisoryStatus StatusOf(byte number) => number <= (byte)AdvisoryStatus.NotAffected
        ? (AdvisoryStatus)number
        : throw new InvalidDataException("A status in it is of no known kind.");

    private static PackageNameKind KindOf(byte number) => number <= (byte)PackageNameKind.Own
        ? (PackageNameKind)number
        : throw new InvalidDataException("A name in it is of no known kind.");

    private static void WriteRanges(RecordWriter writer, IReadOnlyList<VersionRange> ranges)
    {
        writer.Number(ranges.Count);
        foreach (var range in ranges)
        {
            writer.Byte((byte)range.Order);
            writer.Number(range.Events.Count);
            foreach (var point in range.Events)
            {
                if (point is { Kind: RangeEventKind.Introduced, Version: "0" })
                {
                    writer.Byte(IntroducedBeforeAll);
                    continue;
                }

                writer.Byte((byte)point.Kind);
                writer.Text(point.Version);
            }
        }
    }

    private static VersionRange ReadRange(ref RecordReader reader)
    {
        byte order = reader.Byte();
        if (order > (byte)RangeOrder.SemVer)
        {
            throw new InvalidDataException("A range in it has no known order.");
        }

        var events = new RangeEvent[reader.Count()];
        for (int i = 0; i < events.Length; i++)
        {
            byte kind = reader.Byte();
            events[i] = kind switch
            {
                IntroducedBeforeAll => new RangeEvent(RangeEventKind.Introduced, "0"),
                <= (byte)RangeEventKind.Limit => new RangeEvent((RangeEventKind)kind, reader.Text()),
                _ => throw new InvalidDataException("An event in it is of no known kind."),
            };
        }

        return new VersionRange((RangeOrder)order, events);
    }
}
