using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

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

    public void Keep()
    {
        _member!.Dispose();
        _kept = _file.Position;
    }

    /// <summary>Forgets the records since <see cref="Begin"/>.</summary>
    public void Drop() => _member!.Dispose();

    /// <summary>Appends all that was kept to a pack.</summary>
    public async Task CopyToAsync(Stream pack, CancellationToken cancellationToken)
    {
        _file.SetLength(_kept);
        _file.Position = 0;
        await _file.CopyToAsync(pack, cancellationToken);
    }

    public void Dispose()
    {
        _member?.Dispose();
        _json?.Dispose();
        _file.Dispose();
    }
}
