using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Look-ups in one snapshot, by any number of threads. Every method throws <see cref="AdvisoryDatabaseException"/> if what it reads makes no sense:
/// the file was written over in place, or by another hand.
/// </summary>
public sealed class AdvisoryLookup
{
    private readonly string _snapshot;
    private readonly byte[] _keys;
    private readonly SnapshotSection _postings;
    private readonly KeyedBlocks _advisories;
    private readonly KeyedBlocks _cves;
    private readonly KeyedBlocks _repositories;

    internal AdvisoryLookup(
        string snapshot, byte[] keys, SnapshotSection postings, KeyedBlocks advisories, KeyedBlocks cves, KeyedBlocks repositories)
    {
        _snapshot = snapshot;
        _keys = keys;
        _postings = postings;
        _advisories = advisories;
        _cves = cves;
        _repositories = repositories;
    }

    /// <summary>What the advisories of an ecosystem say about a package, by its name in any spelling; empty if there is none.</summary>
    public IReadOnlyList<Posting> Find(OsvEcosystem ecosystem, string name)
    {
        string key = SnapshotFormat.KeyOf(ecosystem, name);
        ulong hash = HashOf(key);
        return Guarded(() =>
        {
            for (int place = FirstWith(hash); place < _keys.Length && HashAt(place) == hash; place += SnapshotFormat.KeyEntryLength)
            {
                if (TryRead(place, key, hash) is { } postings)
                {
                    return postings;
                }
            }

            return [];
        });
    }

    /// <summary>The advisory with that number.</summary>
    public AdvisoryRecord Advisory(int number) => Guarded(() => _advisories.TryFind((ulong)number, out var record)
        ? AdvisoryRecord.Read(record)
        : throw new InvalidDataException($"Advisory {number} is not in it."));

    /// <summary>What the CVE list says; null if the snapshot has nothing on it, or the id is no CVE.</summary>
    public CveMetadata? Cve(string id) => CveId.TryParse(id, out ulong key)
        ? Guarded(() => _cves.TryFind(key, out var record) ? CveRecord.Read(id, record) : null)
        : null;

    /// <summary>What Red Hat calls the products that a repository serves, as CPE 2.2 URIs; empty if the snapshot does not know the repository.</summary>
    public IReadOnlyList<string> CpesOf(string repository) => Guarded(() =>
        _repositories.TryFind(HashOf(repository), out var record) ? RepositoryRecords.CpesOf(repository, record) : []);

    internal static ulong HashOf(string key) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key));

    /// <summary>All packages in the order of the file, with what is wrong with the order told by an exception.</summary>
    internal IEnumerable<(string Key, IReadOnlyList<Posting> Postings)> Packages()
    {
        for (int place = 0; place < _keys.Length; place += SnapshotFormat.KeyEntryLength)
        {
            ulong hash = HashAt(place);
            yield return Guarded(() =>
            {
                RecordReader reader = ReaderAt(place);
                string key = reader.Text();
                Posting[] postings = PackagePostings.Read(ref reader);
                reader.End();
                return HashOf(key) == hash && (place == 0 || HashAt(place - SnapshotFormat.KeyEntryLength) <= hash)
                    ? (key, postings)
                    : throw new InvalidDataException("Its index does not fit its content.");
            });
        }
    }

    internal IEnumerable<(int Number, AdvisoryRecord Advisory)> Advisories() => Records(_advisories)
        .Select(record => ((int)Math.Min(record.Key, int.MaxValue), Guarded(() => AdvisoryRecord.Read(record.Bytes.Span))));

    internal IEnumerable<CveMetadata> Cves() => Records(_cves).Select(record => Guarded(() => CveRecord.Read(CveId.TextOf(record.Key), record.Bytes.Span)));

    internal IEnumerable<RepositoryCpes> Repositories() =>
        Records(_repositories).SelectMany(record => Guarded(() => RepositoryRecords.Read(record.Key, record.Bytes.Span)));

    private IEnumerable<(ulong Key, ReadOnlyMemory<byte> Bytes)> Records(KeyedBlocks blocks) =>
        Enumerable.Range(0, blocks.Count).SelectMany(block => Guarded(() => blocks.RecordsOf(block)));

    private int FirstWith(ulong hash)
    {
        int low = 0;
        int high = _keys.Length / SnapshotFormat.KeyEntryLength;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (HashAt(middle * SnapshotFormat.KeyEntryLength) < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low * SnapshotFormat.KeyEntryLength;
    }

    private ulong HashAt(int place) => BinaryPrimitives.ReadUInt64LittleEndian(_keys.AsSpan(place));

    // Null if it is another key with the same hash.
    private Posting[]? TryRead(int place, string key, ulong hash)
    {
        RecordReader reader = ReaderAt(place);
        string stored = reader.Text();
        if (stored != key)
        {
            // Anything else than a true collision must not pass for "no advisories".
            return HashOf(stored) == hash ? null : throw new InvalidDataException("Its index does not fit its content.");
        }

        Posting[] postings = PackagePostings.Read(ref reader);
        reader.End();
        return postings;
    }

    private RecordReader ReaderAt(int place)
    {
        var entry = _keys.AsSpan(place, SnapshotFormat.KeyEntryLength);
        return new RecordReader(_postings.Read(
            BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[16..])));
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or ObjectDisposedException)
        {
            throw AdvisoryDatabaseException.Unreadable(_snapshot, broken.Message, broken);
        }
    }
}
