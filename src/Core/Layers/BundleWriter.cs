using System.Text;
using ImageScan.Core.Layers.Tar;
using ZstdSharp;

namespace ImageScan.Core.Layers;

/// <summary>
/// Writes a <see cref="LayerBundle"/> entry by entry, into memory of its own. Once it has been refused, whoever by, it takes calls and does nothing.
/// </summary>
internal sealed class BundleWriter : IDisposable
{
    // The fastest: a bundle is written while a caller waits.
    private const int CompressionLevel = 1;

    private readonly long _maxBytes;
    private readonly PagedBytes _bytes;
    private readonly PagedStream _stored;
    private CompressionStream _zstd;
    private TarEntryWriter _tar;
    private long _entriesBytes = -1;
    private long _bodyBytes;
    private long _bodyLeft;
    private string? _refusal;

    /// <param name="maxBytes">Bytes that it may take, compressed.</param>
    /// <param name="readers">The detectors and their versions, for people who look into it.</param>
    public BundleWriter(long maxBytes, string readers)
    {
        _maxBytes = maxBytes;
        _bytes = new PagedBytes(maxBytes);
        _stored = new PagedStream(_bytes);
        _stored.Write(LayerBundle.HeaderOf(0));
        (_zstd, _tar) = NewArchive();
        _tar.WriteGlobal("IMAGESCAN.detectors"u8, readers);
    }

    /// <summary>Why there is none, as a sentence; null as long as there may be one.</summary>
    public string? Refusal => _refusal ?? _bytes.Refusal;

    /// <summary>Bytes that there is room for, if they do not shrink.</summary>
    public long Room => _maxBytes - _bytes.Length;

    /// <summary>Says that there is to be none, and why; the first reason counts. Gives the memory back.</summary>
    public void Refuse(string reason)
    {
        _refusal ??= Refusal ?? reason;
        _bytes.Dispose();
    }

    /// <summary>Writes an entry without content: a file's is left out.</summary>
    public void Add(LayerEntry entry) => AddFile(entry, []);

    /// <summary>Writes a file of which only the first bytes are kept, or any other entry.</summary>
    public void AddFile(LayerEntry entry, ReadOnlySpan<byte> start)
    {
        if (Begin(entry, start.Length))
        {
            Write(start);
            End();
        }
    }

    /// <summary>Writes a file of which is kept what a detector found in it.</summary>
    public void AddFindings(LayerEntry file, string foundBy, ReadOnlySpan<byte> findings)
    {
        if (Refusal is null)
        {
            _tar.AddRecord(PaxRecords.FoundByKey, Encoding.UTF8.GetBytes(foundBy));
            _tar.AddRecord(PaxRecords.OmittedKey, file.Size);
            BeginBody(file, findings.Length);
            Write(findings);
            End();
        }
    }

    /// <summary>Begins an entry of which so many bytes are kept, to be written next. False if there is to be no bundle.</summary>
    public bool Begin(LayerEntry entry, long keptBytes)
    {
        if (Refusal is not null)
        {
            return false;
        }

        if (keptBytes < entry.Size)
        {
            _tar.AddRecord(PaxRecords.OmittedKey, entry.Size);
        }

        BeginBody(entry, keptBytes);
        return true;
    }

    /// <summary>Writes bytes of the body that was begun.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Refusal is null)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, _bodyLeft);
            _bodyLeft -= bytes.Length;
            _zstd.Write(bytes);
            GiveUpWhatIsTooMuch();
        }
    }

    /// <summary>Ends the entry. Throws <see cref="InvalidOperationException"/> if not all bytes of it were written.</summary>
    public void End()
    {
        if (Refusal is null)
        {
            _tar.Pad(_bodyLeft == 0 ? _bodyBytes : throw new InvalidOperationException($"{_bodyLeft} bytes of a body were not written."));
        }
    }

    /// <summary>Begins the archive of the second walk.</summary>
    public void BeginLinks()
    {
        if (Refusal is null)
        {
            EndArchive();
            _entriesBytes = _bytes.Length - LayerBundle.HeaderBytes;
            (_zstd, _tar) = NewArchive();
        }
    }

    /// <summary>The bundle, which is the caller's from now on; null if there is none. Nothing can be written any more.</summary>
    public LayerBundle? Complete()
    {
        if (Refusal is null)
        {
            EndArchive();
        }

        if (Refusal is not null)
        {
            return null;
        }

        _refusal = "It was taken already.";
        _bytes.PutFirst(LayerBundle.HeaderOf(_entriesBytes >= 0 ? _entriesBytes : _bytes.Length - LayerBundle.HeaderBytes));
        return new LayerBundle(_bytes);
    }

    public void Dispose()
    {
        // The encoder writes its end when it is closed; into what was taken, or is too much, it may not.
        _stored.IsOpen = false;
        _zstd.Dispose();
        if (_refusal is null)
        {
            Refuse("It was not completed.");
        }
    }

    private void BeginBody(LayerEntry entry, long keptBytes)
    {
        _bodyBytes = _bodyLeft = keptBytes;
        _tar.WriteEntry(TypeOf(entry.Kind), NameOf(entry), entry.LinkTarget ?? "", entry.IsExecutable, keptBytes);
        GiveUpWhatIsTooMuch();
    }

    // At once, not when the layer has been read.
    private void GiveUpWhatIsTooMuch()
    {
        if (_bytes.Refusal is { } tooMuch)
        {
            Refuse(tooMuch);
        }
    }

    private void EndArchive()
    {
        _tar.End();
        _zstd.Dispose();
    }

    private (CompressionStream Zstd, TarEntryWriter Tar) NewArchive()
    {
        var zstd = new CompressionStream(_stored, CompressionLevel, leaveOpen: true);
        return (zstd, new TarEntryWriter(zstd));
    }

    private static char TypeOf(LayerEntryKind kind) => kind switch
    {
        LayerEntryKind.Folder => '5',
        LayerEntryKind.SymbolicLink => '2',
        LayerEntryKind.HardLink => '1',
        LayerEntryKind.Other => '6',
        _ => '0',
    };

    private static string NameOf(LayerEntry entry) => entry.Kind switch
    {
        LayerEntryKind.Whiteout => WhiteoutName.Removing(entry.Path),
        LayerEntryKind.OpaqueFolder => WhiteoutName.Hiding(entry.Path),
        _ => entry.Path,
    };

    private sealed class PagedStream(PagedBytes bytes) : Stream
    {
        public bool IsOpen { get; set; } = true;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsOpen)
            {
                bytes.Append(buffer);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
