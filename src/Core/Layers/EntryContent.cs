using ImageScan.Core.Images;
using ImageScan.Core.Layers.Tar;

namespace ImageScan.Core.Layers;

/// <summary>The content of the file that a walker stands on.</summary>
internal sealed class EntryContent(TarArchive archive) : ForwardStream
{
    private bool _isOver;

    /// <summary>
    /// In a bundle that has not kept this content but what was found in it: the detector that did. Then only <see cref="ReadFindings"/> can be read.
    /// Null for all else.
    /// </summary>
    public string? FoundBy => archive.FoundBy;

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        return buffer.IsEmpty ? 0 : archive.Read(buffer);
    }

    /// <summary>
    /// What <see cref="FoundBy"/> found. Throws as <see cref="Read(Span{byte})"/> does, and <see cref="MalformedLayerException"/> if it is too much.
    /// </summary>
    public byte[] ReadFindings(int maxBytes)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        var findings = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        for (int read; (read = archive.ReadBody(buffer)) > 0;)
        {
            findings.Write(buffer[..read]);
            if (findings.Length > maxBytes)
            {
                throw new MalformedLayerException($"The bundle has more than {maxBytes} bytes of findings for one file.");
            }
        }

        return findings.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        _isOver = true;
        base.Dispose(disposing);
    }
}
