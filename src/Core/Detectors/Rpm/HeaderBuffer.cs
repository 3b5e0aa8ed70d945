namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Puts the parts of a header together that lie on several pages. Grows with what is really there, not with what is promised.</summary>
internal sealed class HeaderBuffer
{
    private byte[] _bytes = new byte[64 << 10];
    private int _length;

    /// <summary>What was added since the last <see cref="Clear"/>; good until the next.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    public int Length => _length;

    public void Clear() => _length = 0;

    /// <summary>Adds a part, at most up to <see cref="DatabaseReading.MaxHeaderBytes"/> in all.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, DatabaseReading.MaxHeaderBytes - _length)];
        if (part.Length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + part.Length));
        }

        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
    }
}
