using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// What a feed has said, parsed: gzip members one after the other, a JSON object a line
/// <c>{"document":"npm/all.zip","key":"GHSA-…","record":{…}}</c>. One line is in memory at a time.
/// </summary>
internal static class FeedPack
{
    /// <summary>The longest line there is; records that would be longer are left out when they are read.</summary>
    public const int MaxLineBytes = 32 << 20;

    /// <summary>
    /// The lines without their ends; each holds until the next is asked for. Throws <see cref="InvalidDataException"/> where the pack is
    /// broken, cut short included.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Stream pack, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var text = new WholeGzipStream(pack);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            (int start, int end) = (0, 0);
            while (true)
            {
                int read = await text.ReadAsync(buffer.AsMemory(end), cancellationToken);
                int searched = end;
                end += read;
                for (int length; (length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n')) >= 0; searched = start)
                {
                    yield return buffer.AsMemory(start, searched + length - start);
                    start = searched + length + 1;
                }

                if (read == 0)
                {
                    break;
                }

                (start, end) = (0, MoveToFront(ref buffer, start, end));
            }

            if (start < end)
            {
                throw new InvalidDataException("It ends in the middle of a record.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whose record a line is. Throws <see cref="InvalidDataException"/>.</summary>
    public static (string Document, UInt128 Key) HeadOf(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        if (Next(ref json) == JsonTokenType.StartObject
            && Next(ref json) == JsonTokenType.PropertyName && Next(ref json) == JsonTokenType.String && json.GetString() is { } document
            && Next(ref json) == JsonTokenType.PropertyName && Next(ref json) == JsonTokenType.String && json.GetString() is { } key)
        {
            return (document, HashOf(document, key));
        }

        throw Broken(null);
    }

    /// <summary>The record of a line. Throws <see cref="InvalidDataException"/>.</summary>
    public static FeedRecord RecordOf(ReadOnlySpan<byte> line, string feed)
    {
        try
        {
            return JsonSerializer.Deserialize<PackedRecord>(line, FeedRecordJson.Options) is { Record: { } record } packed
                ? record with { Source = packed.Document, Feed = feed }
                : throw Broken(null);
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw Broken(broken);
        }
    }

    /// <summary>Stands for a record of a document; two are never the same by chance.</summary>
    public static UInt128 HashOf(string document, string key) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{document}\0{key}"));

    private static JsonTokenType Next(ref Utf8JsonReader json)
    {
        try
        {
            return json.Read() ? json.TokenType : JsonTokenType.None;
        }
        catch (JsonException broken)
        {
            throw Broken(broken);
        }
    }

    // The new end of what is in the buffer.
    private static int MoveToFront(ref byte[] buffer, int start, int end)
    {
        Span<byte> rest = buffer.AsSpan(start, end - start);
        if (rest.Length < buffer.Length)
        {
            rest.CopyTo(buffer);
            return rest.Length;
        }

        if (buffer.Length > MaxLineBytes)
        {
            throw new InvalidDataException($"It has a line of more than {MaxLineBytes} bytes.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        rest.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return end - start;
    }

    private static InvalidDataException Broken(Exception? inner) => new("It has a line that is no record.", inner);
}

/// <summary>A line of a pack. Document and key come first, so that a line can be copied without reading the rest.</summary>
/// <param name="Document">The document that the record belongs to.</param>
/// <param name="Key">Its <see cref="FeedRecord.Key"/>.</param>
/// <param name="Record">What the feed says.</param>
internal sealed record PackedRecord(
    [property: System.Text.Json.Serialization.JsonPropertyName("document")] string Document,
    [property: System.Text.Json.Serialization.JsonPropertyName("key")] string Key,
    [property: System.Text.Json.Serialization.JsonPropertyName("record")] FeedRecord? Record);
