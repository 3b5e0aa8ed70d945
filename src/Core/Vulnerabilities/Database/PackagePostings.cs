using System.Runtime.InteropServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// All postings of one package in the form of a snapshot: its key; each kind once; each span once; then of each posting the number of its advisory,
/// less that of the one before, and which kind and span it has. A kernel has thousands of postings and some dozens of spans.
/// </summary>
internal sealed class PackagePostings
{
    private readonly Dictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _spans = new(StringComparer.Ordinal);
    private readonly List<(int Advisory, int Kind, int Span, string[]? Names)> _postings = [];

    /// <summary>The numbers of the advisories of all postings.</summary>
    public IEnumerable<int> Advisories => _postings.Select(posting => posting.Advisory);

    public void Clear()
    {
        _kinds.Clear();
        _spans.Clear();
        _postings.Clear();
    }

    /// <summary>Takes one, in ascending order of the advisories.</summary>
    public void Add(int advisory, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> span, string[]? names) =>
        _postings.Add((advisory, PlaceOf(_kinds, kind), PlaceOf(_spans, span), names));

    public void Write(RecordWriter writer, string key)
    {
        writer.Text(key);
        Write(writer, _kinds);
        Write(writer, _spans);
        writer.Number(_postings.Count);
        int last = 0;
        foreach (var (advisory, kind, span, names) in _postings)
        {
            writer.Number(advisory - last);
            writer.Number((((ulong)span * (ulong)_kinds.Count) + (ulong)kind) * 2 + (names is null ? 0u : 1u));
            if (names is not null)
            {
                writer.Texts(names);
            }

            last = advisory;
        }
    }

    /// <summary>Reads what follows the key.</summary>
    public static Posting[] Read(ref RecordReader reader)
    {
        var kinds = new PostingKind[reader.Count()];
        for (int i = 0; i < kinds.Length; i++)
        {
            kinds[i] = PostingKind.Read(ref reader);
        }

        var spans = new PostingSpan[reader.Count()];
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i] = PostingSpan.Read(ref reader);
        }

        var postings = new Posting[reader.Count()];
        ulong advisory = 0;
        for (int i = 0; i < postings.Length; i++)
        {
            advisory += reader.Number();
            ulong which = reader.Number();
            string[]? names = (which & 1) == 0 ? null : reader.Texts();
            ulong span = kinds.Length == 0 ? ulong.MaxValue : which / 2 / (ulong)kinds.Length;
            if (advisory > int.MaxValue || span >= (ulong)spans.Length)
            {
                throw new InvalidDataException("A statement in it has no valid number.");
            }

            postings[i] = Posting((int)advisory, kinds[which / 2 % (ulong)kinds.Length], spans[span], names);
        }

        return postings;
    }

    private static Posting Posting(int advisory, PostingKind kind, PostingSpan span, string[]? names) =>
        new(advisory, span.Versions, span.Ranges, kind.SeverityWord, kind.Vectors)
        {
            Status = kind.Status,
            NameKind = kind.NameKind,
            Module = kind.Module,
            Architectures = kind.Architectures,
            Repository = kind.Repository,
            Erratum = span.Erratum,
            FixedOn = span.FixedOn,
            Names = names,
        };

    // Bytes as a text of as many characters: the only key of bytes that a dictionary compares by content.
    private static int PlaceOf(Dictionary<string, int> places, ReadOnlySpan<byte> bytes)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, Encoding.Latin1.GetString(bytes), out bool isKnown);
        if (!isKnown)
        {
            place = places.Count - 1;
        }

        return place;
    }

    private static void Write(RecordWriter writer, Dictionary<string, int> parts)
    {
        writer.Number(parts.Count);
        foreach (var (part, _) in parts.OrderBy(part => part.Value))
        {
            writer.Bytes(Encoding.Latin1.GetBytes(part));
        }
    }
}
