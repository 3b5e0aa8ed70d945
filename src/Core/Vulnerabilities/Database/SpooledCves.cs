namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// What all feeds say about CVEs while a snapshot is built: they come in any order, mostly about CVEs that no advisory is about, so only where
/// each lies in the spool is held.
/// </summary>
internal sealed class SpooledCves(SnapshotSpool spool, FeedTallies feeds)
{
    private readonly List<Statement> _statements = [];
    private readonly RecordWriter _scratch = new();

    /// <summary>Takes a statement, if its id is a CVE.</summary>
    public void Add(CveMetadata cve, short feed)
    {
        if (!CveId.TryParse(cve.Id, out ulong key))
        {
            feeds[feed].Skip(FeedTally.NoCve);
            return;
        }

        _scratch.Clear();
        CveRecord.Write(_scratch, cve);
        if (_scratch.Length > SnapshotFormat.MaxRecordBytes)
        {
            feeds[feed].Skip(FeedTally.TooLarge);
            return;
        }

        _statements.Add(new Statement(
            key, cve.LastModified?.UtcTicks ?? 0, _statements.Count, feed, cve.IsRejected, spool.Append(_scratch.Written)));
    }

    /// <summary>The CVEs that a source has rejected, by the number of <see cref="CveId"/>.</summary>
    public HashSet<ulong> Rejected()
    {
        _statements.Sort();
        var rejected = new HashSet<ulong>();
        for (int i = 0; i < _statements.Count; i++)
        {
            if (_statements[i].IsRejected && IsLast(i))
            {
                rejected.Add(_statements[i].Key);
            }
        }

        return rejected;
    }

    /// <summary>
    /// What is known of the wanted CVEs that nobody has rejected, all feeds put together, ascending by number. Call it once, after the spool is
    /// sealed.
    /// </summary>
    public IEnumerable<(ulong Key, CveMetadata Cve)> Merged(Predicate<ulong> isWanted)
    {
        HashSet<ulong> rejected = Rejected();
        var parts = new List<CveMetadata>();
        for (int i = 0; i < _statements.Count; i++)
        {
            Statement statement = _statements[i];
            if (!IsLast(i))
            {
                feeds[statement.Feed].Skip(FeedTally.Superseded);
            }
            else if (rejected.Contains(statement.Key))
            {
                feeds[statement.Feed].Skip(FeedTally.Rejected);
            }
            else if (!isWanted(statement.Key))
            {
                feeds[statement.Feed].Skip(FeedTally.OfNoAdvisory);
            }
            else
            {
                feeds[statement.Feed].Use();
                parts.Add(Read(statement));
            }

            if (parts.Count > 0 && (i + 1 == _statements.Count || _statements[i + 1].Key != statement.Key))
            {
                yield return (statement.Key, CveSources.Merge(parts));
                parts.Clear();
            }
        }
    }

    // Of one feed's statements about a CVE the last one counts.
    private bool IsLast(int i) =>
        i + 1 == _statements.Count || _statements[i + 1].Key != _statements[i].Key || _statements[i + 1].Feed != _statements[i].Feed;

    private CveMetadata Read(Statement statement)
    {
        _scratch.Clear();
        spool.Read(statement.Bytes, _scratch);
        return CveRecord.Read(CveId.TextOf(statement.Key), _scratch.Written) with { Feed = feeds.NameOf(statement.Feed) };
    }

    private readonly record struct Statement(ulong Key, long Modified, int Arrival, short Feed, bool IsRejected, SpooledBytes Bytes) : IComparable<Statement>
    {
        public int CompareTo(Statement other)
        {
            int order = Key.CompareTo(other.Key);
            order = order != 0 ? order : Feed.CompareTo(other.Feed);
            order = order != 0 ? order : Modified.CompareTo(other.Modified);
            return order != 0 ? order : Arrival.CompareTo(other.Arrival);
        }
    }
}
