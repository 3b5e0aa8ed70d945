using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Streams the lines of a text: no more than one is held.</summary>
internal static class FeedLines
{
    /// <summary>Its lines without their line feeds; each is gone when the next is asked for. Those that are too long are left out.</summary>
    /// <param name="text">Unpacked.</param>
    /// <param name="maxBytes">The longest line taken.</param>
    /// <param name="tooLong">Called once for each longer one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> OfAsync(
        Stream text, int maxBytes, Action tooLong, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(text, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            bool isSkipping = false;
            ReadResult read;
            do
            {
                read = await reader.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> buffer = read.Buffer;
                while (TryTake(ref buffer, read.IsCompleted, out ReadOnlySequence<byte> line))
                {
                    if (!isSkipping && line.Length <= maxBytes)
                    {
                        yield return line;
                    }
                    else if (!isSkipping)
                    {
                        tooLong();
                    }

                    isSkipping = false;
                }

                if (buffer.Length > maxBytes)
                {
                    if (!isSkipping)
                    {
                        tooLong();
                    }

                    isSkipping = true;
                    buffer = buffer.Slice(buffer.End);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
            while (!read.IsCompleted);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } newLine)
        {
            line = buffer.Slice(0, newLine);
            buffer = buffer.Slice(buffer.GetPosition(1, newLine));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }
}
