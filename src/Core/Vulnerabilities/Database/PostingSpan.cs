namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The part of a posting that says which versions are affected, and what ends it: the same for all that one update of a package mends.</summary>
internal sealed record PostingSpan(IReadOnlyList<string> Versions, IReadOnlyList<VersionRange> Ranges, string? Erratum, DateTimeOffset? FixedOn)
{
    // The introduction before all versions is in nearly every range: one byte.
    private const byte IntroducedBeforeAll = 0xFF;

    public static void Write(RecordWriter writer, AffectedPackage affected, IReadOnlyCollection<string> versions)
    {
        writer.Texts(versions);
        writer.Number(affected.Ranges.Count);
        foreach (VersionRange range in affected.Ranges)
        {
            Write(writer, range);
        }

        writer.OptionalText(affected.Erratum);
        writer.Date(affected.FixedOn);
    }

    public static PostingSpan Read(ref RecordReader reader)
    {
        string[] versions = reader.Texts();
        var ranges = new VersionRange[reader.Count()];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = ReadRange(ref reader);
        }

        return new PostingSpan(versions, ranges, reader.OptionalText(), reader.Date());
    }

    private static void Write(RecordWriter writer, VersionRange range)
    {
        writer.Byte((byte)range.Order);
        writer.Number(range.Events.Count);
        foreach (RangeEvent point in range.Events)
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
