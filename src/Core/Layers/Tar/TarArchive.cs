using System.Text;

namespace ImageScan.Core.Layers.Tar;

/// <summary>
/// Walks a tar archive forward: ustar, pax, GNU and what older programs wrote. Where the formats leave room it reads as Go's archive/tar
/// (https://pkg.go.dev/archive/tar), since that is what unpacks images: containerd, Docker and Podman see the same files.
/// </summary>
internal sealed class TarArchive(TarBlocks blocks, LayerLimits limits, ArchiveOrigin origin)
{
    // A prefix of 155 bytes, a slash and a name of 100; then a link of 100.
    private const int NameBytes = 256;
    private const int LinkBytes = 100;

    private readonly byte[] _fields = new byte[NameBytes + LinkBytes];
    private PaxRecords? _pax;
    private byte[]? _longName;
    private byte[]? _longLink;
    private SparseReader? _sparse;
    private long _bodyLeft;
    private long _padding;
    private bool _hasBegun;
    private bool _isShort;

    /// <summary>What the entry is, before the meaning of its name is looked at: never a whiteout.</summary>
    public LayerEntryKind Kind { get; private set; }

    /// <summary>The name as written, of any length and any bytes.</summary>
    public ReadOnlyMemory<byte> Name { get; private set; }

    /// <summary>The link's target as written; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Link { get; private set; }

    /// <summary>Bytes of content of a file, holes included; 0 for everything else.</summary>
    public long Size { get; private set; }

    /// <summary>Whether any execute bit is set; also true if the mode cannot be read.</summary>
    public bool IsExecutable { get; private set; }

    public bool HasUnreadableMode { get; private set; }

    /// <summary>
    /// In a bundle: which detector found what stands in the place of the file's body, to be read by <see cref="ReadBody"/>; null for all else.
    /// </summary>
    public string? FoundBy { get; private set; }

    /// <summary>
    /// Goes to the next entry, leaving what is unread of the current one. False at the end of the archive, with or without the two blocks
    /// of zeros that should stand there. Throws <see cref="LayerException"/>.
    /// </summary>
    public bool MoveNext()
    {
        SkipBody();
        _pax = null;
        _longName = _longLink = null;
        _sparse = null;
        _isShort = false;
        FoundBy = null;
        while (TryPeekHeader(out TarHeader header))
        {
            switch (header.TypeFlag)
            {
                case (byte)'x' or (byte)'X':
                    // Of two in a row the second counts alone, for Go and GNU tar alike.
                    _pax = PaxRecords.Parse(ReadExtension(header), limits);
                    break;
                case (byte)'g':
                    // Runtimes pass over global records: https://github.com/containerd/containerd/blob/v2.0.0/pkg/archive/tar.go
                    ReadExtension(header);
                    break;
                case (byte)'L':
                    _longName = UpToNul(ReadExtension(header));
                    break;
                case (byte)'K':
                    _longLink = UpToNul(ReadExtension(header));
                    break;
                default:
                    Begin(header);
                    return true;
            }
        }

        return _pax is null && _longName is null && _longLink is null
            ? false
            : throw new MalformedLayerException("The layer's archive ends after a header that describes a further entry.");
    }

    /// <summary>
    /// Reads content of the current entry into a buffer that is not empty; 0 at its end. Throws <see cref="MalformedLayerException"/> if
    /// the archive ends before, and <see cref="OmittedBodyException"/> where a bundle has no more of the body.
    /// </summary>
    public int Read(Span<byte> buffer)
    {
        if (_sparse is not null)
        {
            return _sparse.Read(buffer);
        }

        int read = FoundBy is null ? ReadBody(buffer) : 0;
        return read > 0 || !_isShort ? read : throw new OmittedBodyException($"It has not kept {NameForPeople}, which is wanted now.");
    }

    /// <summary>Like <see cref="Read"/>, but what stands in the archive: a sparse file without its holes.</summary>
    public int ReadBody(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, _bodyLeft);
        if (wanted == 0)
        {
            return 0;
        }

        int read = blocks.Read(buffer[..wanted]);
        _bodyLeft -= read;
        return read > 0 ? read : throw CutShort();
    }

    private bool TryPeekHeader(out TarHeader header)
    {
        header = default;
        if (!blocks.TryPeek(out ReadOnlySpan<byte> block))
        {
            return false;
        }

        if (IsZero(block))
        {
            blocks.Advance();
            return !blocks.TryPeek(out block) || IsZero(block)
                ? false
                : throw new MalformedLayerException("The layer's archive goes on after a single block of zeros.");
        }

        header = new TarHeader(block);
        if (!header.HasValidChecksum)
        {
            throw new MalformedLayerException(
                _hasBegun ? $"The layer's archive has a header with a wrong checksum, after {NameForPeople}." : blocks.NotAnArchive);
        }

        _hasBegun = true;
        return true;
    }

    private void Begin(TarHeader header)
    {
        TakeNames(header);
        TakeMode(header);
        Kind = KindOf(header.TypeFlag);
        _bodyLeft = _pax?.Size ?? SizeOf(header);
        if (header.TypeFlag == 'S')
        {
            BeginSparse(SparseMap.FromOldHeader(header, blocks, limits));
            return;
        }

        bool hasBody = Kind == LayerEntryKind.File || header.TypeFlag == 'D';
        blocks.Advance();
        if (hasBody && _pax is { IsSparse: true })
        {
            BeginSparse(ReadSparseMap(_pax));
            return;
        }

        // Links, devices and folders have no body whatever their size says (Go, GNU tar), but some writers add one to links
        // (pax -o linkdata). What follows is a header, or else it is that body.
        if (!hasBody && _bodyLeft > 0 && IsHeaderNext())
        {
            _bodyLeft = 0;
        }

        _padding = PaddingOf(_bodyLeft);
        Size = Kind == LayerEntryKind.File ? _bodyLeft : 0;
        if (origin == ArchiveOrigin.Bundle && Kind == LayerEntryKind.File && _pax?.Omitted is { } omitted)
        {
            BeginShortBody(omitted, _pax.FoundBy);
        }
    }

    private void BeginShortBody(byte[] fileSize, byte[]? foundBy)
    {
        if (!TarNumber.TryReadDecimal(fileSize, out long size) || (foundBy is null && size < _bodyLeft))
        {
            throw new MalformedLayerException($"The bundle says no size of {NameForPeople}.");
        }

        Size = size;
        FoundBy = foundBy is null ? null : Encoding.UTF8.GetString(foundBy);
        _isShort = foundBy is not null || _bodyLeft < size;
    }

    private void TakeNames(TarHeader header)
    {
        int length = 0;
        if (!header.Prefix.IsEmpty)
        {
            header.Prefix.CopyTo(_fields);
            length = header.Prefix.Length;
            _fields[length++] = (byte)'/';
        }

        header.Name.CopyTo(_fields.AsSpan(length));
        length += header.Name.Length;
        header.Link.CopyTo(_fields.AsSpan(NameBytes));

        Name = _longName ?? _pax?.Path ?? _fields.AsMemory(0, length);
        Link = _longLink ?? _pax?.LinkPath ?? _fields.AsMemory(NameBytes, header.Link.Length);
        if (_pax is { IsSparse: true, SparseName: { } realName })
        {
            Name = realName;
        }
    }

    private void TakeMode(TarHeader header)
    {
        HasUnreadableMode = !TarNumber.TryRead(header.ModeField, out long mode);
        IsExecutable = HasUnreadableMode || (mode & 0b001_001_001) != 0;
    }

    private LayerEntryKind KindOf(byte typeFlag) => typeFlag switch
    {
        // Before POSIX a folder was a file whose name ends with a slash.
        0 when Name.Span.EndsWith("/"u8) => LayerEntryKind.Folder,
        (byte)'1' => LayerEntryKind.HardLink,
        (byte)'2' => LayerEntryKind.SymbolicLink,
        (byte)'3' or (byte)'4' or (byte)'6' => LayerEntryKind.Other,
        // GNU's incremental archives ('D') keep the list of a folder's files in its body.
        (byte)'5' or (byte)'D' => LayerEntryKind.Folder,
        // POSIX wants a type that a reader does not know to be read as a file.
        _ => LayerEntryKind.File,
    };

    private SparseMap ReadSparseMap(PaxRecords pax)
    {
        long fileSize = pax.SparseSize ?? _bodyLeft;
        return pax.HasSparseMapInBody
            ? SparseMap.FromBody(blocks, fileSize, ref _bodyLeft, limits)
            : SparseMap.FromNumbers(pax.SparseNumbers, fileSize, limits);
    }

    private void BeginSparse(SparseMap map)
    {
        if (map.StoredBytes > _bodyLeft)
        {
            throw new MalformedLayerException($"The layer's sparse file {NameForPeople} is shorter than its map says.");
        }

        _padding = PaddingOf(_bodyLeft);
        _sparse = new SparseReader(map, this);
        Size = map.FileSize;
    }

    private bool IsHeaderNext() =>
        !blocks.TryPeek(out ReadOnlySpan<byte> block) || IsZero(block) || new TarHeader(block).HasValidChecksum;

    private byte[] ReadExtension(TarHeader header)
    {
        long size = SizeOf(header);
        if (size > limits.ExtendedHeaderBytes)
        {
            throw new LayerLimitException(
                $"has a pax or long-name header of {size} bytes", nameof(LayerLimits.ExtendedHeaderBytes), limits.ExtendedHeaderBytes);
        }

        blocks.Advance();
        _bodyLeft = size;
        _padding = PaddingOf(size);
        var body = new byte[size];
        for (int read = 0; read < size;)
        {
            read += ReadBody(body.AsSpan(read));
        }

        SkipBody();
        return body;
    }

    private long SizeOf(TarHeader header) =>
        TarNumber.TryRead(header.SizeField, out long size) && size >= 0
            ? size
            : throw new MalformedLayerException($"The layer's entry {NameForPeople} has a size that is no number.");

    private void SkipBody()
    {
        if (blocks.Skip(_bodyLeft) < _bodyLeft)
        {
            throw CutShort();
        }

        // The padding of the last entry may be missing like the end blocks.
        blocks.Skip(_padding);
        _bodyLeft = _padding = 0;
    }

    private MalformedLayerException CutShort() => new($"The layer's archive is cut short within {NameForPeople}.");

    // Long enough to be found, short enough for a message.
    private string NameForPeople
    {
        get
        {
            const int Longest = 200;
            ReadOnlySpan<byte> name = Name.Span;
            return name.IsEmpty ? "its first header" : $"'{Encoding.UTF8.GetString(name[..Math.Min(Longest, name.Length)])}'";
        }
    }

    private static byte[] UpToNul(byte[] text) => Array.IndexOf<byte>(text, 0) is >= 0 and var end ? text[..end] : text;

    private static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    private static long PaddingOf(long size) => -size & (TarBlocks.BlockBytes - 1);
}
