using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>The documents and parts of documents that one run has read, and how they come into the pack in the place of what they replace.</summary>
internal sealed class FeedMerge : IDisposable
{
    private readonly HashSet<string> _readAnew = new(StringComparer.Ordinal);
    private readonly HashSet<string> _incomplete = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _newestOfParts = new(StringComparer.Ordinal);
    private readonly HashSet<UInt128> _replaced = [];
    private readonly Dictionary<string, int> _records = new(StringComparer.Ordinal);

    /// <summary>Where a document's records go while it is read.</summary>
    public FeedSpool Spool { get; } = new();

    /// <summary>Takes what the spool has got since it began with this document.</summary>
    public void Keep(DocumentReading reading)
    {
        Spool.Keep(reading);
        string target = reading.Target;
        _records[target] = _records.GetValueOrDefault(target) + reading.Records;
        if (!reading.IsPart)
        {
            _readAnew.Add(target);
            return;
        }

        _replaced.UnionWith(reading.Keys);
        if (reading.NewestRecord > _newestOfParts.GetValueOrDefault(target))
        {
            _newestOfParts[target] = reading.NewestRecord.Value;
        }
    }

    /// <summary>Takes down that a part of the document could not be read.</summary>
    public void AddIncomplete(string document) => _incomplete.Add(document);

    /// <summary>Takes down what the source has deleted.</summary>
    public void AddDeleted(IEnumerable<DeletedRecord> deleted) =>
        _replaced.UnionWith(deleted.Select(record => FeedPack.HashOf(record.Document, record.Key)));

    /// <summary>The records that were read of such documents.</summary>
    public int RecordsOf(Predicate<string> document) => _records.Where(read => document(read.Key)).Sum(read => read.Value);

    /// <summary>
    /// Says of the documents how new their parts are. Where a part failed they stay as old as they were, so that the next run asks for all
    /// since then again.
    /// </summary>
    public void DateByParts(Dictionary<string, DocumentState> documents)
    {
        foreach ((string path, DateTimeOffset newest) in _newestOfParts.Where(part => !_incomplete.Contains(part.Key)))
        {
            DocumentState document = documents[path];
            documents[path] = document.NewestRecord >= newest ? document : document with { NewestRecord = newest };
        }
    }

    /// <summary>Writes a pack: the lines of the old one that stay, then all that was read.</summary>
    /// <param name="pack">The new one.</param>
    /// <param name="old">The lines of the old one.</param>
    /// <param name="isInUse">Whether a document has not gone.</param>
    /// <param name="counts">Gets the records of each document.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(
        Stream pack,
        IAsyncEnumerable<ReadOnlyMemory<byte>> old,
        Predicate<string> isInUse,
        Dictionary<string, int> counts,
        CancellationToken cancellationToken)
    {
        using (var kept = new FeedPackMember(pack))
        {
            await kept.AddAsync(old, Stays);
        }

        await Spool.CopyToAsync(pack, _replaced, counts, cancellationToken);

        bool Stays(ReadOnlyMemory<byte> line)
        {
            (string document, UInt128 key) = FeedPack.HeadOf(line.Span);
            bool stays = isInUse(document) && !_readAnew.Contains(document) && !_replaced.Contains(key);
            counts[document] = counts.GetValueOrDefault(document) + (stays ? 1 : 0);
            return stays;
        }
    }

    public void Dispose() => Spool.Dispose();
}
