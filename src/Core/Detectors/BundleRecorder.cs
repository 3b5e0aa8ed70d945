using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors;

/// <summary>
/// Records a <see cref="LayerBundle"/> of one layer while <see cref="LayerInspection"/> reads it: every entry, and of what detectors opened as much as
/// they need to give the same answer again.
/// </summary>
/// <remarks>
/// A file that is read is kept whole, since a newer version of its detector will look for more in it. But a detector that skims opens most
/// programs of a layer, which are most of its bytes, and Java archives may be more than a bundle holds: of a file of which its detector read no
/// further than <see cref="SkimmedBytes"/> this beginning is kept, of the others what was found.
/// </remarks>
public sealed class BundleRecorder : IDisposable
{
    /// <summary>The first bytes that are kept of a file which is not kept whole, if its detector has read no more.</summary>
    internal const int SkimmedBytes = 4 << 10;

    private readonly BundleWriter _writer;
    private readonly byte[] _start = new byte[SkimmedBytes];
    private FileFindings? _found;
    private string _foundBy = "";
    private long _read;
    private bool _isWhole;
    private bool _isInLinks;

    /// <param name="detectors">Those that will read the layer.</param>
    /// <param name="keeping">How large a bundle may be.</param>
    public BundleRecorder(IReadOnlyList<IPackageDetector> detectors, LayerSettings keeping) =>
        _writer = new BundleWriter(keeping.BundleBytes, PackageDetectors.VersionsOf(detectors));

    /// <summary>Why there is no bundle, as a sentence; null as long as there may be one.</summary>
    public string? Refusal => _writer.Refusal;

    /// <summary>The bundle, once the layer has been read; the caller's to close. Null if there is none: <see cref="Refusal"/> says why.</summary>
    public LayerBundle? Complete() => _writer.Complete();

    public void Dispose() => _writer.Dispose();

    /// <summary>Says that there is to be no bundle.</summary>
    internal void Refuse(string reason) => _writer.Refuse(reason);

    /// <summary>A file is about to be read: what to read instead, which is the same.</summary>
    internal Stream Watch(IPackageDetector detector, LayerEntry file, Stream content, FileFindings findings)
    {
        if (_isInLinks || Refusal is not null)
        {
            return content;
        }

        _read = 0;
        if (!detector.Skims && file.Size <= _writer.Room)
        {
            _isWhole = _writer.Begin(file, file.Size);
            return new WatchedStream(content, TakeAll);
        }

        _found = findings;
        _foundBy = KeptFindings.MarkOf(detector);
        return new WatchedStream(content, TakeStart);
    }

    /// <summary>An entry was taken, and its content read as far as anybody wanted.</summary>
    internal void End(LayerEntry entry, Stream content)
    {
        if (_isWhole)
        {
            EndWhole(entry, content);
        }
        else if (_found is null)
        {
            _writer.Add(entry);
        }
        else if (_read <= SkimmedBytes)
        {
            _writer.AddFile(entry, _start.AsSpan(0, (int)_read));
        }
        else if (KeptFindings.TryWrite(_found) is { } kept)
        {
            _writer.AddFindings(entry, _foundBy, kept);
        }
        else
        {
            Refuse($"What {_foundBy} found in '{entry.Path}' is not of this file alone, or too much.");
        }

        _isWhole = false;
        _found = null;
    }

    /// <summary>The layer is about to be walked again, for the bodies of hard links.</summary>
    /// <returns>Where that walk is recorded.</returns>
    internal BundleWriter BeginLinks()
    {
        _isInLinks = true;
        _writer.BeginLinks();
        return _writer;
    }

    private void EndWhole(LayerEntry entry, Stream content)
    {
        var buffer = new byte[16 << 10];
        for (int read; _read < entry.Size && Refusal is null && (read = content.Read(buffer)) > 0;)
        {
            TakeAll(buffer.AsSpan(0, read));
        }

        _writer.End();
    }

    private void TakeAll(ReadOnlySpan<byte> bytes)
    {
        _read += bytes.Length;
        _writer.Write(bytes);
    }

    private void TakeStart(ReadOnlySpan<byte> bytes)
    {
        if (_read + bytes.Length <= SkimmedBytes)
        {
            bytes.CopyTo(_start.AsSpan((int)_read));
        }

        _read += bytes.Length;
    }
}
