namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>The advisories of a snapshot being built that report something, numbered so that the texts of one package's lie together.</summary>
internal sealed class LiveAdvisories
{
    private readonly SpooledAdvisories _advisories;
    private readonly FeedTallies _feeds;
    private readonly int[] _places;
    private readonly AdvisoryNames _names;
    private readonly RecordWriter _stored = new();

    /// <summary>Numbers them.</summary>
    /// <param name="advisories">All, usable or not.</param>
    /// <param name="feeds">Their feeds.</param>
    /// <param name="ranks">Of each package its place in the order of their texts.</param>
    /// <param name="rejected">CVEs that were rejected, by the number of <see cref="CveId"/>.</param>
    public LiveAdvisories(SpooledAdvisories advisories, FeedTallies feeds, int[] ranks, HashSet<ulong> rejected)
    {
        _advisories = advisories;
        _feeds = feeds;
        _places = [.. Enumerable.Range(0, advisories.All.Count).Where(place => advisories.All[place].State == SpooledState.Usable)];
        Array.Sort(_places, Comparer<int>.Create((left, right) =>
        {
            SpooledAdvisory first = advisories.All[left];
            SpooledAdvisory second = advisories.All[right];
            int order = ranks[first.FirstKey].CompareTo(ranks[second.FirstKey]);
            order = order != 0 ? order : advisories.Ids.Compare(first.Id, second.Id);
            return order != 0 ? order : string.CompareOrdinal(feeds.NameOf(first.Feed), feeds.NameOf(second.Feed));
        }));
        _names = new AdvisoryNames(advisories, _places.Select(place => advisories.All[place]), rejected);
    }

    public int Count => _places.Length;

    public SpooledAdvisory this[int number] => _advisories.All[_places[number]];

    public IReadOnlyList<int> NamesOf(int number) => _names.NamesOf(this[number]);

    /// <summary>When the feed of an advisory was last read; null if nobody said.</summary>
    public DateTimeOffset? CheckedAtOf(int number) => _feeds[this[number].Feed].CheckedAt;

    /// <summary>The id with that number, which is none of an advisory.</summary>
    public string TextOf(int id) => _advisories.Ids.TextOf(id);

    /// <summary>Gives every statement to where those about one package come together.</summary>
    /// <param name="groups">Takes them.</param>
    /// <param name="hashes">Of every package.</param>
    public void DealOut(PostingGroups groups, ulong[] hashes)
    {
        for (int number = 0; number < Count; number++)
        {
            var reader = new RecordReader(_advisories.Read(this[number], _stored).Postings);
            while (!reader.IsAtEnd)
            {
                int key = (int)reader.Number();
                var kind = reader.Take(reader.Count());
                groups.Add(key, hashes[key], number, kind, reader.Take(reader.Count()));
            }
        }
    }

    /// <summary>Writes one as <see cref="AdvisoryRecord"/> reads it.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="number">Its number.</param>
    /// <param name="cves">Takes the CVEs that it is about.</param>
    public void Write(RecordWriter writer, int number, HashSet<ulong> cves)
    {
        string[] names = [.. NamesOf(number).Select(TextOf)];
        foreach (string name in names)
        {
            if (CveId.TryParse(name, out ulong cve))
            {
                cves.Add(cve);
            }
        }

        writer.Texts(names);
        writer.Texts([.. _names.OtherIdsOf(this[number]).Select(TextOf)]);
        writer.Bytes(_advisories.Read(this[number], _stored).Body);
    }
}
