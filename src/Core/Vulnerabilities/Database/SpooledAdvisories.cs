using System.Runtime.InteropServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// The advisories of a snapshot being built, one of each feed and id: texts and statements in the spool, numbers in memory, some sixty bytes an
/// advisory beside its ids.
/// </summary>
internal sealed class SpooledAdvisories(SnapshotSpool spool, SnapshotKeys keys, SnapshotTexts texts)
{
    // Real ones stay a hundred times below: a kernel's advisory names 500 CVEs. What is larger would not fit into a block of the snapshot.
    private const int MaxIds = 10_000;
    private const int MaxIdLength = 400;
    private const int MaxIdBytes = SnapshotFormat.MaxRecordBytes;
    private const int MaxBodyBytes = 200_000;

    private readonly List<SpooledAdvisory> _advisories = [];
    private readonly Dictionary<(short Feed, int Id), int> _places = [];
    private readonly List<int> _links = [];
    private readonly RecordWriter _record = new();
    private readonly RecordWriter _posting = new();

    public NumberedTexts Ids { get; } = new();

    /// <summary>Records of a feed that another of the same id has replaced, by feed.</summary>
    public Dictionary<short, int> Superseded { get; } = [];

    /// <summary>The one advisory of each feed and id that counts.</summary>
    public IReadOnlyList<SpooledAdvisory> All => _advisories;

    /// <summary>
    /// Takes an advisory. Of two of one feed with the same id the later modified one stays, or the one that came last; one that is withdrawn, or
    /// names no package and version that could be matched, only hides the other.
    /// </summary>
    public void Add(Advisory advisory, short feed)
    {
        int id = Ids.NumberOf(advisory.Id);
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (feed, id), out bool isKnown);
        if (!isKnown)
        {
            place = _advisories.Count;
            _advisories.Add(Spool(advisory, id, feed));
        }
        else
        {
            Superseded[feed] = Superseded.GetValueOrDefault(feed) + 1;
            if (_advisories[place].Modified <= advisory.Modified.UtcTicks)
            {
                _advisories[place] = Spool(advisory, id, feed);
            }
        }
    }

    public ReadOnlySpan<int> CvesOf(SpooledAdvisory advisory) => CollectionsMarshal.AsSpan(_links).Slice(advisory.FirstLink, advisory.Cves);

    public ReadOnlySpan<int> AliasesOf(SpooledAdvisory advisory) =>
        CollectionsMarshal.AsSpan(_links).Slice(advisory.FirstLink + advisory.Cves, advisory.Aliases);

    /// <summary>Reads what <see cref="Add"/> has put into the spool.</summary>
    /// <param name="advisory">A usable one.</param>
    /// <param name="into">Emptied; holds the bytes that the answer points to.</param>
    public StoredAdvisory Read(SpooledAdvisory advisory, RecordWriter into)
    {
        into.Clear();
        spool.Read(advisory.Place, into);
        var reader = new RecordReader(into.Written);
        return new StoredAdvisory(reader.Take(reader.Count()), reader.Rest);
    }

    private SpooledAdvisory Spool(Advisory advisory, int id, short feed)
    {
        bool isDistribution = advisory.Affected.Any(affected => affected.Ecosystem.IsDistribution);
        int firstLink = _links.Count;
        List<string> cves = CvesOf(advisory, isDistribution);
        string[] aliases = [.. advisory.Aliases.Where(alias => alias.Length <= MaxIdLength)];
        bool isTooLarge = cves.Count + aliases.Length > MaxIds || cves.Concat(aliases).Sum(Encoding.UTF8.GetByteCount) > MaxIdBytes;
        if (!isTooLarge)
        {
            _links.AddRange(cves.Select(Ids.NumberOf));
            _links.AddRange(aliases.Select(Ids.NumberOf));
        }

        var spooled = new SpooledAdvisory(
            id,
            feed,
            SpooledState.Usable,
            isDistribution,
            advisory.Authority == AdvisoryAuthority.Vendor,
            advisory.Modified.UtcTicks,
            default,
            0,
            firstLink,
            isTooLarge ? 0 : cves.Count,
            isTooLarge ? 0 : aliases.Length);
        if (advisory.Withdrawn is not null)
        {
            return spooled with { State = SpooledState.Withdrawn };
        }

        List<AffectedPackage> matchable = [.. advisory.Affected.Where(IsMatchable)];
        List<AffectedPackage> released = [.. matchable.Where(affected => !affected.Ecosystem.LacksRelease)];
        if (isTooLarge || advisory.Id.Length > MaxIdLength || BodyOf(advisory).Length > MaxBodyBytes)
        {
            return spooled with { State = SpooledState.TooLarge };
        }

        if (released.Count == 0)
        {
            return spooled with { State = matchable.Count > 0 ? SpooledState.WithoutRelease : SpooledState.NothingToMatch };
        }

        return spooled with { Place = Write(advisory, released), FirstKey = keys.NumberOf(released[0].Ecosystem, released[0].Name) };
    }

    // No package is called by nothing, or by the character that ends an ecosystem in a key.
    private static bool IsMatchable(AffectedPackage affected) => affected.Versions.Count + affected.Ranges.Count > 0
        && affected.Name.Length > 0 && !affected.Name.Contains('\0', StringComparison.Ordinal)
        && !affected.Ecosystem.ToString().Contains('\0', StringComparison.Ordinal);

    private SpooledBytes Write(Advisory advisory, List<AffectedPackage> affected)
    {
        ReadOnlySpan<byte> body = BodyOf(advisory);
        _record.Clear();
        _record.Number(body.Length);
        _record.Bytes(body);
        foreach (AffectedPackage package in affected)
        {
            _record.Number(keys.NumberOf(package.Ecosystem, package.Name));
            _posting.Clear();
            PostingKind.Write(_posting, package);
            _record.Number(_posting.Length);
            _record.Bytes(_posting.Written);
            _posting.Clear();
            PostingSpan.Write(_posting, package, OutsideRanges(package));
            _record.Number(_posting.Length);
            _record.Bytes(_posting.Written);
        }

        return spool.Append(_record.Written);
    }

    private ReadOnlySpan<byte> BodyOf(Advisory advisory)
    {
        _posting.Clear();
        AdvisoryRecord.WriteBody(_posting, advisory, texts);
        return _posting.Written;
    }

    // Distributions name the CVEs they mend in upstream; AlmaLinux, older Ubuntu and Freexian's records do in related
    // (4,431 of 5,637 AlmaLinux records seen). For a library "related" is something else that merely resembles it.
    private static List<string> CvesOf(Advisory advisory, bool isDistribution)
    {
        IEnumerable<string> ids = [advisory.Id, .. advisory.Aliases, .. advisory.Upstream, .. isDistribution ? advisory.Related : []];
        List<string> cves = [.. ids.Where(CveId.IsOne).Distinct(StringComparer.Ordinal)];

        // XSA-453 and TEMP-0123456-ABCDEF have no CVE; the distribution's record on them is one of several, each with an id of its own.
        return cves.Count > 0 || !isDistribution ? cves : [.. advisory.Upstream.Where(id => id.Length <= MaxIdLength).Distinct(StringComparer.Ordinal)];
    }

    // Records of PyPI list every version that their ranges hold: half of the starter set's bytes, and no answer depends on it.
    private static List<string> OutsideRanges(AffectedPackage affected) =>
        [.. affected.Versions.Where(version => !affected.Ranges.Any(range =>
            range.SchemeIn(affected.Ecosystem) is { } scheme && scheme.Places(version) && range.Holds(version, scheme, out _) == RangeVerdict.Affected))];
}

/// <summary>An advisory as it lies in the spool.</summary>
/// <param name="body">What <see cref="AdvisoryRecord.WriteBody"/> wrote.</param>
/// <param name="postings">Statements: number of the key, then kind and span, each with its length before it.</param>
internal readonly ref struct StoredAdvisory(ReadOnlySpan<byte> body, ReadOnlySpan<byte> postings)
{
    public ReadOnlySpan<byte> Body { get; } = body;

    public ReadOnlySpan<byte> Postings { get; } = postings;
}
