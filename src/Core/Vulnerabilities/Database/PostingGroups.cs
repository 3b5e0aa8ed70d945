namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Brings together what all advisories say about each package, however many millions of statements there are: they are dealt out by the hash of
/// the package to parts that are small enough to be sorted in memory, one after the other.
/// </summary>
/// <param name="spool">Holds the statements meanwhile; has them all, as part of the advisories, already.</param>
internal sealed class PostingGroups(SnapshotSpool spool)
{
    private const int PartBytes = 4 << 20;
    private const int MaxBits = 10;
    private const int ChunkBytes = 16 << 10;

    private readonly int _bits = BitsFor(spool.Length);
    private readonly Dictionary<int, Part> _parts = [];

    /// <summary>Takes a statement.</summary>
    /// <param name="key">Number of the package.</param>
    /// <param name="hash">Of the package.</param>
    /// <param name="advisory">Number of the advisory.</param>
    /// <param name="kind">What <see cref="PostingKind"/> wrote.</param>
    /// <param name="span">What <see cref="PostingSpan"/> wrote.</param>
    public void Add(int key, ulong hash, int advisory, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> span)
    {
        int number = _bits == 0 ? 0 : (int)(hash >> (64 - _bits));
        if (!_parts.TryGetValue(number, out Part? part))
        {
            part = new Part();
            _parts.Add(number, part);
        }

        part.Buffer.Number(key);
        part.Buffer.Number(advisory);
        part.Buffer.Number(kind.Length);
        part.Buffer.Bytes(kind);
        part.Buffer.Number(span.Length);
        part.Buffer.Bytes(span);
        if (part.Buffer.Length > ChunkBytes)
        {
            part.Chunks.Add(spool.Append(part.Buffer.Written));
            part.Buffer.Clear();
        }
    }

    /// <summary>
    /// All statements, the packages ascending by hash and then by text, those of a package by the number of the advisory and then as they came.
    /// Call it once, after the last <see cref="Add"/>.
    /// </summary>
    /// <param name="hashes">Of every package.</param>
    /// <param name="ranks">Of every package.</param>
    /// <param name="take">Is given each package with its statements.</param>
    public void ForEach(ulong[] hashes, int[] ranks, Action<int, IReadOnlyList<GroupedPosting>> take)
    {
        spool.Seal();
        var bytes = new RecordWriter();
        var postings = new List<GroupedPosting>();
        var group = new List<GroupedPosting>();
        foreach (var (_, part) in _parts.OrderBy(part => part.Key))
        {
            bytes.Clear();
            foreach (SpooledBytes chunk in part.Chunks)
            {
                spool.Read(chunk, bytes);
            }

            bytes.Bytes(part.Buffer.Written);
            Split(bytes.WrittenMemory, postings);
            postings.Sort((left, right) =>
            {
                int order = hashes[left.Key].CompareTo(hashes[right.Key]);
                order = order != 0 ? order : ranks[left.Key].CompareTo(ranks[right.Key]);
                order = order != 0 ? order : left.Advisory.CompareTo(right.Advisory);
                return order != 0 ? order : left.Arrival.CompareTo(right.Arrival);
            });
            for (int i = 0; i < postings.Count;)
            {
                group.Clear();
                int key = postings[i].Key;
                for (; i < postings.Count && postings[i].Key == key; i++)
                {
                    group.Add(postings[i]);
                }

                take(key, group);
            }
        }
    }

    private static void Split(ReadOnlyMemory<byte> part, List<GroupedPosting> postings)
    {
        postings.Clear();
        var reader = new RecordReader(part.Span);
        while (!reader.IsAtEnd)
        {
            int key = (int)reader.Number();
            int advisory = (int)reader.Number();
            int kind = reader.Count();
            int kindStart = part.Length - reader.Rest.Length;
            reader.Take(kind);
            int span = reader.Count();
            int spanStart = part.Length - reader.Rest.Length;
            reader.Take(span);
            postings.Add(new GroupedPosting(key, advisory, postings.Count, part.Slice(kindStart, kind), part.Slice(spanStart, span)));
        }
    }

    private static int BitsFor(long totalBytes)
    {
        int bits = 0;
        while (bits < MaxBits && totalBytes >> bits > PartBytes)
        {
            bits++;
        }

        return bits;
    }

    private sealed class Part
    {
        public RecordWriter Buffer { get; } = new();

        public List<SpooledBytes> Chunks { get; } = [];
    }
}

/// <summary>What one advisory says about one package, while both are numbers.</summary>
internal readonly record struct GroupedPosting(int Key, int Advisory, int Arrival, ReadOnlyMemory<byte> Kind, ReadOnlyMemory<byte> Span);
