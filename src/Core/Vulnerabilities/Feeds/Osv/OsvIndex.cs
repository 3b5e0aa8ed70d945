using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// A list of records and when each was changed, which lies beside an archive of them: <c>modified_id.csv</c> in the OSV bucket
/// (https://github.com/google/osv.dev/pull/3755), <c>all.json</c> with SUSE and others (https://google.github.io/osv.dev/data/new).
/// </summary>
internal static class OsvIndex
{
    private const int MaxIndexBytes = 256 * 1024 * 1024;
    private const int MaxLineLength = 1024;
    private const int MaxIdLength = 200;

    /// <summary>
    /// The entries, one at a time; null for one that cannot be read, or whose id is no name of a document. Throws
    /// <see cref="InvalidDataException"/>, <see cref="IOException"/> or <see cref="JsonException"/> if the list breaks off.
    /// </summary>
    public static async IAsyncEnumerable<OsvIndexEntry?> EntriesAsync(FeedDocument index, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = new CappedStream(await FeedContent.ExpandAsync(index.Content, cancellationToken), MaxIndexBytes);
        IAsyncEnumerable<OsvIndexEntry?> entries = index.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? OfJsonAsync(content, cancellationToken)
            : OfCsvAsync(content, cancellationToken);
        await foreach (OsvIndexEntry? entry in entries)
        {
            yield return entry;
        }
    }

    private static async IAsyncEnumerable<OsvIndexEntry?> OfJsonAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (JsonElement entry in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(content, cancellationToken: cancellationToken))
        {
            yield return entry.ValueKind == JsonValueKind.Object
                ? Entry(JsonText.Short(entry, "modified") ?? "", JsonText.Short(entry, "id") ?? "")
                : null;
        }
    }

    private static async IAsyncEnumerable<OsvIndexEntry?> OfCsvAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        var line = new StringBuilder();
        char[] read = new char[1 << 14];
        int length;
        while ((length = await reader.ReadAsync(read, cancellationToken)) > 0)
        {
            for (int begin = 0; begin < length;)
            {
                int end = Array.IndexOf(read, '\n', begin, length - begin);
                int until = end < 0 ? length : end;
                // What does not fit is no entry, and one character too many tells so.
                line.Append(read, begin, Math.Min(until - begin, MaxLineLength + 1 - line.Length));
                begin = until + 1;
                if (end >= 0)
                {
                    if (line.ToString().Trim() is { Length: > 0 } text)
                    {
                        yield return OfLine(text);
                    }

                    line.Clear();
                }
            }
        }

        if (line.ToString().Trim() is { Length: > 0 } last)
        {
            yield return OfLine(last);
        }
    }

    // "2026-08-12T00:00:00Z,ELA-1801-1"; what has a comma or a quote in it is quoted (RFC 4180).
    private static OsvIndexEntry? OfLine(string line)
    {
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || line.Length > MaxLineLength)
        {
            return null;
        }

        string id = line[(comma + 1)..];
        if (id is ['"', .., '"'] && id.Length > 1)
        {
            id = id[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
        }

        return Entry(line[..comma], id);
    }

    private static OsvIndexEntry? Entry(string date, string id) =>
        id.Length is > 0 and <= MaxIdLength && id is not ("." or "..") && !id.Any(letter => letter is '/' or '\\' || char.IsControl(letter))
        && Rfc3339.TryDate(date, out DateTimeOffset modified)
            ? new OsvIndexEntry(modified, id)
            : null;
}

/// <summary>An entry of an index.</summary>
internal readonly record struct OsvIndexEntry(DateTimeOffset Modified, string Id);
