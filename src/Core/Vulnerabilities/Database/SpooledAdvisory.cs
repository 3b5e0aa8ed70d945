namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What stays in memory of an advisory while a snapshot is built.</summary>
internal sealed class SpooledAdvisory
{
    public SpooledAdvisory(Advisory advisory)
    {
        Id = advisory.Id;
        Modified = advisory.Modified;
        IsDistribution = advisory.Affected.Any(affected => affected.Ecosystem.IsDistribution);
        Cves = CvesOf(advisory, IsDistribution);
        Aliases = advisory.Aliases;
    }

    public string Id { get; }

    public DateTimeOffset Modified { get; }

    public bool IsDistribution { get; }

    /// <summary>The CVEs that the advisory itself names, in its order.</summary>
    public IReadOnlyList<string> Cves { get; }

    public IReadOnlyList<string> Aliases { get; }

    public SpooledBytes Body { get; init; }

    /// <summary>Empty if the advisory reports nothing.</summary>
    public SpooledPosting[] Postings { get; init; } = [];

    // Distributions name the CVEs they mend in upstream; AlmaLinux, older Ubuntu and Freexian's records do in related
    // (4,431 of 5,637 AlmaLinux records seen). For a library "related" is something else that merely resembles it.
    private static List<string> CvesOf(Advisory advisory, bool isDistribution)
    {
        IEnumerable<string> ids = [advisory.Id, .. advisory.Aliases, .. advisory.Upstream, .. isDistribution ? advisory.Related : []];
        return [.. ids.Where(CveId.IsOne).Distinct(StringComparer.Ordinal)];
    }
}

internal readonly record struct SpooledPosting(int Key, SpooledBytes Bytes);
