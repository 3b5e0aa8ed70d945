namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Ends of releases in the form of a snapshot.</summary>
internal static class ReleaseEndRecords
{
    public static void Write(RecordWriter writer, IEnumerable<ReleaseEnd> ends)
    {
        foreach (ReleaseEnd end in ends.OrderBy(end => end.DistributionId, StringComparer.Ordinal).ThenBy(end => end.Release, StringComparer.Ordinal))
        {
            writer.Text(end.DistributionId);
            writer.Text(end.Release);
            writer.Day(end.EndsOn);
            writer.Day(end.ExtendedUntil);
        }
    }

    public static IReadOnlyList<ReleaseEnd> Read(ReadOnlySpan<byte> bytes)
    {
        var ends = new List<ReleaseEnd>();
        var reader = new RecordReader(bytes);
        while (!reader.IsAtEnd)
        {
            ends.Add(new ReleaseEnd(
                reader.Text(),
                reader.Text(),
                reader.Day() ?? throw new InvalidDataException("A release in it has no end."),
                reader.Day()));
        }

        return ends;
    }
}
