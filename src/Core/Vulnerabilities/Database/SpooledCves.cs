namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// What all feeds say about CVEs while a snapshot is built: they come in any order, mostly about CVEs that no advisory is about, so only where
/// each lies in the spool is held.
/// </summary>
internal sealed class SpooledCves(SnapshotSpool spool)
{
    private readonly List<Statement> _statements = [];
    private readonly List<string> _feeds = [];
    private readonly RecordWriter _scratch = new();

    /// <summary>Takes a statement; false, and nothing, if its id is no CVE.</summary>
    public bool TryAdd(CveMetadata cve)
    {
        if (!CveId.TryParse(cve.Id, out ulong key))
        {
            return false;
        }

        int feed = _feeds.IndexOf(cve.Feed);
        if (feed < 0)
        {
            feed = _feeds.Count;
            _feeds.Add(cve.Feed);
        }

        _scratch.Clear();
        CveRecord.Write(_scratch, cve);
        _statements.Add(new Statement(key, cve.LastModified?.UtcTicks ?? 0, _statements.Count, (short)feed, spool.Append(_scratch.Written)));
        return true;
    }

    /// <summary>What is known of the wanted CVEs, all feeds put together, ascending by number. Call it once, after the spool is sealed.</summary>
    public IEnumerable<(ulong Key, CveMetadata Cve)> Merged(Predicate<ulong> isWanted)
    {
        _statements.Sort();
        var parts = new List<CveMetadata>();
        for (int i = 0; i < _statements.Count;)
        {
            int end = i + 1;
            while (end < _statements.Count && _statements[end].Key == _statements[i].Key)
            {
                end++;
            }

            if (isWanted(_statements[i].Key))
            {
                parts.Clear();
                for (int part = i; part < end; part++)
                {
                    // Of one feed's statements the last one counts.
                    if (part + 1 == end || _statements[part + 1].Feed != _statements[part].Feed)
                    {
                        parts.Add(Read(_statements[part]));
                    }
                }

                yield return (_statements[i].Key, CveSources.Merge(parts));
            }

            i = end;
        }
    }

    private CveMetadata Read(Statement statement)
    {
        _scratch.Clear();
        spool.Read(statement.Bytes, _scratch);
        return CveRecord.Read(CveId.TextOf(statement.Key), _scratch.Written) with { Feed = _feeds[statement.Feed] };
    }

    private readonly record struct Statement(ulong Key, long Modified, int Arrival, short Feed, SpooledBytes Bytes) : IComparable<Statement>
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
