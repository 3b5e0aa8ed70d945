namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What a snapshot keeps of the prose of its advisories.</summary>
public enum SnapshotTexts
{
    Summaries,

    /// <summary>None: ids, ranges, vectors, dates and links alone, which many licences let everyone pass on.</summary>
    FactsOnly,
}
