using ImageScan.Core.Layers.Compression;
using ImageScan.Core.Layers.Tar;

namespace ImageScan.Core.Layers;

/// <summary>
/// Reads one layer's blob forward, entry by entry. Synchronous and for one thread; nothing is kept but the current entry. The blob stays
/// open: whoever opened it closes it.
/// </summary>
public sealed class LayerWalker : IDisposable
{
    private const int MostWarnings = 32;

    private readonly List<LayerWarning> _warnings = [];
    private readonly LayerLimits _limits;
    private readonly ExpandedSource _source;
    private readonly TarBlocks _blocks;
    private readonly TarArchive _archive;
    private LayerEntry? _current;
    private EntryContent? _content;
    private int _entries;
    private bool _isDone;

    /// <param name="blob">The layer as the registry stores it: a tar archive, plain or packed with gzip or zstd.</param>
    /// <param name="mediaType">What the manifest calls it; for messages only: how it is packed is told from its first bytes.</param>
    /// <param name="limits">How much the layer may ask for.</param>
    public LayerWalker(Stream blob, string mediaType, LayerLimits limits)
        : this(blob, mediaType, limits, ArchiveOrigin.Registry)
    {
    }

    private LayerWalker(Stream blob, string mediaType, LayerLimits limits, ArchiveOrigin origin)
    {
        _limits = limits;
        _source = new ExpandedSource(blob, mediaType, limits);
        _blocks = new TarBlocks(_source);
        _archive = new TarArchive(_blocks, limits, origin);
    }

    /// <summary>The entry that <see cref="MoveNext"/> went to.</summary>
    public LayerEntry Current => _current ?? throw new InvalidOperationException("The walker stands on no entry.");

    /// <summary>Which entry it is, from 0; the same in every walk over the same blob.</summary>
    public int Position { get; private set; } = -1;

    /// <summary>
    /// The content of the current file, <see cref="LayerEntry.Size"/> bytes with the holes of a sparse file filled in; empty for anything
    /// else. Good until the next <see cref="MoveNext"/>, which skips what is unread. Reading throws as <see cref="MoveNext"/> does.
    /// </summary>
    public Stream Content
    {
        get
        {
            if (Current.Kind != LayerEntryKind.File)
            {
                return Stream.Null;
            }

            return _content ??= new EntryContent(_archive);
        }
    }

    /// <summary>Bytes taken from the blob so far.</summary>
    public long CompressedBytes => _source.CompressedBytes;

    /// <summary>Bytes of the archive expanded so far.</summary>
    public long ExpandedBytes => _source.ExpandedBytes;

    /// <summary>What was passed over or read differently than written so far; the first few of each layer.</summary>
    public IReadOnlyList<LayerWarning> Warnings => _warnings;

    /// <summary>
    /// Goes to the next entry. False at the end of the archive, when the blob too has been read to its end and so its digest checked.
    /// Throws <see cref="MalformedLayerException"/>, <see cref="LayerLimitException"/> and whatever the blob's stream throws; after that
    /// the walk is over.
    /// </summary>
    public bool MoveNext()
    {
        Leave();
        while (!_isDone && _archive.MoveNext())
        {
            if (++_entries > _limits.LayerEntries)
            {
                throw new LayerLimitException("has too many entries", nameof(LayerLimits.LayerEntries), _limits.LayerEntries);
            }

            _current = ReadEntry();
            if (_current is not null)
            {
                Position++;
                return true;
            }
        }

        SkipToEnd();
        return false;
    }

    public void Dispose()
    {
        Leave();
        _isDone = true;
        _blocks.Dispose();
        _source.Dispose();
    }

    /// <summary>Reads the blob to its end, for its digest, without looking at further entries.</summary>
    internal void SkipToEnd()
    {
        Leave();
        if (!_isDone)
        {
            _isDone = true;
            _source.Drain();
        }
    }

    /// <summary>
    /// Over an archive of a <see cref="LayerBundle"/>: what it says of bodies that it has not kept counts, and reading what it has not throws
    /// <see cref="OmittedBodyException"/>.
    /// </summary>
    internal static LayerWalker OverBundle(Stream archive, LayerLimits limits)
    {
        // Our own work is no bomb: headers that are nearly alike shrink to less than a hundredth. Its window is the format's, not a setting's.
        LayerLimits own = limits with
        {
            LayerRatio = int.MaxValue,
            ZstdWindowBytes = new LayerLimits().ZstdWindowBytes,
            ExtendedHeaderBytes = Math.Max(limits.ExtendedHeaderBytes, new LayerLimits().ExtendedHeaderBytes),
        };
        return new LayerWalker(archive, "application/vnd.oci.image.layer.v1.tar+zstd", own, ArchiveOrigin.Bundle);
    }

    private void Leave()
    {
        _current = null;
        _content?.Close();
        _content = null;
    }

    // Null for entries that mean nothing to an image.
    private LayerEntry? ReadEntry()
    {
        string path = LayerPath.Normalize(_archive.Name.Span, _limits);
        if (_archive.HasUnreadableMode)
        {
            Warn(path, "The mode is no number; the file was taken to be executable.");
        }

        switch (WhiteoutName.Read(path, out string subject))
        {
            case WhiteoutMeaning.Removes:
                return new LayerEntry(subject, LayerEntryKind.Whiteout);
            case WhiteoutMeaning.HidesFolder:
                return new LayerEntry(subject, LayerEntryKind.OpaqueFolder);
            case WhiteoutMeaning.Ignored:
                return null;
            case WhiteoutMeaning.Unclear:
                Warn(path, "The entry is marked as a removal but does not say of what; it was passed over.");
                return null;
        }

        if (path.Length == 0)
        {
            if (_archive.Kind != LayerEntryKind.Folder)
            {
                Warn("", "An entry that is no folder stands in the place of the image's root; it was passed over.");
            }

            return null;
        }

        return new LayerEntry(path, _archive.Kind, _archive.Size, ReadLinkTarget(), _archive.IsExecutable);
    }

    private string? ReadLinkTarget() => _archive.Kind switch
    {
        LayerEntryKind.SymbolicLink => LayerPath.Text(_archive.Link.Span, _limits),
        LayerEntryKind.HardLink => LayerPath.Normalize(_archive.Link.Span, _limits),
        _ => null,
    };

    private void Warn(string path, string reason)
    {
        if (_warnings.Count < MostWarnings)
        {
            _warnings.Add(new LayerWarning(path, reason));
        }
        else if (_warnings.Count == MostWarnings)
        {
            _warnings.Add(new LayerWarning("", "The layer has more entries like these; they are not listed."));
        }
    }
}
