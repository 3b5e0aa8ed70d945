using System.Buffers;
using System.IO.Compression;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>The bytes of one record at a time.</summary>
internal sealed class OsvBuffer : IDisposable
{
    // The largest of 82,671 real records has 191 KiB.
    private const int MaxRecordBytes = 16 * 1024 * 1024;
    private const int FirstLength = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Takes an entry of a zip; false, told to the report, if it cannot be unpacked or is too large: the next may be well.</summary>
    public bool TryFill(ZipArchiveEntry entry, string name, FeedReport report)
    {
        _length = 0;
        try
        {
            using Stream content = entry.Open();
            int read;
            while ((read = content.Read(Free())) > 0)
            {
                if (!TryTake(read, name, report))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or NotSupportedException)
        {
            report.AddMalformed(name, "cannot be unpacked: " + broken.Message);
            return false;
        }
    }

    /// <summary>Takes a stream to its end; false, told to the report, if it is too large. Throws what the stream throws.</summary>
    public async Task<bool> TryFillAsync(Stream content, string name, FeedReport report, CancellationToken cancellationToken)
    {
        _length = 0;
        int read;
        while ((read = await content.ReadAsync(FreeMemory(), cancellationToken)) > 0)
        {
            if (!TryTake(read, name, report))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private Span<byte> Free() => FreeMemory().Span;

    private Memory<byte> FreeMemory()
    {
        if (_length == _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    private bool TryTake(int read, string name, FeedReport report)
    {
        _length += read;
        if (_length <= MaxRecordBytes)
        {
            return true;
        }

        report.AddMalformed(name, $"is larger than {MaxRecordBytes} bytes");
        return false;
    }
}
