using ImageScan.Core.Images;

namespace ImageScan.Core.Layers;

/// <summary>The same content; whatever is read of it is seen.</summary>
internal sealed class WatchedStream(Stream content, Action<ReadOnlySpan<byte>> seen) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = content.Read(buffer);
        seen(buffer[..read]);
        return read;
    }
}
