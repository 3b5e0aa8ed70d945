using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// The records of the documents that one run reads, in the form of a pack, in a temporary file: a document is kept or dropped as a whole when
/// it has been read. The file is gone with the process.
/// </summary>
internal sealed class FeedSpool : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly FileStream _file = PassingFile.Open();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly List<FeedSpoolPart> _parts = [];
    private Utf8JsonWriter? _json;
    private GZipStream? _member;
    private long _kept;

    public void Begin()
    {
        _file.SetLength(_kept);
        _file.Position = _kept;
        _member = new GZipStream(_file, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>Takes a record of the document; false if it is too large.</summary>
    public bool TryAdd(string document, FeedRecord record)
    {
        _line.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = FeedRecordJson.Options.Encoder, SkipValidation = true });
        _json.Reset();
        JsonSerializer.Serialize(_json, new PackedRecord(document, record.Key, record), FeedRecordJson.Options);
        if (_line.WrittenCount > FeedPack.MaxLineBytes)
        {
            return false;
        }

        _member!.Write(_line.WrittenSpan);
        _member.Write(NewLine);
        return true;
    }

    public void Keep(DocumentReading reading)
    {
        _member!.Dispose();
        _parts.Add(new FeedSpoolPart(reading.Target, reading.IsPart, reading.Records, _kept, _file.Position - _kept));
        _kept = _file.Position;
    }

    /// <summary>Forgets the records since <see cref="Begin"/>.</summary>
    public void Drop() => _member!.Dispose();

    /// <summary>Appends all that was kept to a pack, and counts it by document.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="replaced">What parts of documents replace, or their source has deleted: of whole documents of this run it is left out too.</param>
    /// <param name="counts">Gets the records of each document added.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CopyToAsync(Stream pack, IReadOnlySet<UInt128> replaced, Dictionary<string, int> counts, CancellationToken cancellationToken)
    {
        foreach (FeedSpoolPart part in _parts)
        {
            _file.Position = part.Offset;
            await using var bytes = new SlicedStream(_file, part.Length);
            int records = part.Records;
            if (part.IsPart || replaced.Count == 0)
            {
                await bytes.CopyToAsync(pack, cancellationToken);
            }
            else
            {
                using var member = new FeedPackMember(pack);
                records = await member.AddAsync(FeedPack.LinesAsync(bytes, cancellationToken), line => !replaced.Contains(FeedPack.HeadOf(line.Span).Key));
            }

            counts[part.Document] = counts.GetValueOrDefault(part.Document) + records;
        }
    }

    public void Dispose()
    {
        _member?.Dispose();
        _json?.Dispose();
        _file.Dispose();
    }

    /// <summary>The next so many bytes of a stream, which stays open.</summary>
    private sealed class SlicedStream(Stream source, long length) : FeedStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer) => Took(source.Read(buffer[..(int)Math.Min(buffer.Length, _left)]));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Took(await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken));

        private int Took(int read)
        {
            _left -= read;
            return read;
        }
    }
}

/// <summary>Where the records of one document are in a spool.</summary>
internal sealed record FeedSpoolPart(string Document, bool IsPart, int Records, long Offset, long Length);
