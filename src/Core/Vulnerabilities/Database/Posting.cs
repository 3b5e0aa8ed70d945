namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What one advisory says about one package: all that matching needs.</summary>
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

    // The introduction before all versions is in nearly every range: one byte.
    private const byte IntroducedBeforeAll = 0xFF;

    /// <summary>Writes all but the number of the advisory.</summary>
    internal static void Write(RecordWriter writer, AffectedPackage affected, IReadOnlyCollection<string> versions)
    {
        bool worded = affected.SeverityWord is not null;
        bool scored = !affected.Vectors.IsEmpty;
        writer.Byte((byte)((worded ? HasSeverityWord : 0) | (scored ? HasVectors : 0)));
        if (worded)
        {
            writer.Text(affected.SeverityWord!);
        }

        if (scored)
        {
            writer.OptionalText(affected.Vectors.V2);
            writer.OptionalText(affected.Vectors.V3);
            writer.OptionalText(affected.Vectors.V4);
        }

        writer.Texts(versions);
        writer.Number(affected.Ranges.Count);
        foreach (var range in affected.Ranges)
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

    internal static Posting Read(ref RecordReader reader)
    {
        ulong advisory = reader.Number();
        byte parts = reader.Byte();
        string? word = (parts & HasSeverityWord) == 0 ? null : reader.Text();
        var vectors = (parts & HasVectors) == 0
            ? CvssVectors.None
            : new CvssVectors(reader.OptionalText(), reader.OptionalText(), reader.OptionalText());
        string[] versions = reader.Texts();
        var ranges = new VersionRange[reader.Count()];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = ReadRange(ref reader);
        }

        return advisory <= int.MaxValue
            ? new Posting((int)advisory, versions, ranges, word, vectors)
            : throw new InvalidDataException("An advisory in it has no valid number.");
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
