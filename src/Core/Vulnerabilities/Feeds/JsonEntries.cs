using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Streams the entries of one list in a large JSON document: <c>{"version": …, "vulnerabilities": [ … ]}</c>.</summary>
internal sealed class JsonEntries
{
    private const int FirstBufferBytes = 64 * 1024;

    private readonly string _list;
    private readonly int _maxEntryBytes;
    private readonly List<JsonDocument> _ready = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _filled;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 64 });
    private Place _place = Place.BeforeList;

    private JsonEntries(string list, int maxEntryBytes)
    {
        _list = list;
        _maxEntryBytes = maxEntryBytes;
    }

    private enum Place
    {
        BeforeList,
        AtList,
        InList,
        AfterList,
    }

    /// <summary>
    /// The entries of the outermost object's list of that name, one at a time: each is gone when the next is asked for. Throws
    /// <see cref="InvalidDataException"/> if the content is no JSON, breaks off, has no such list or an entry larger than it may be.
    /// </summary>
    /// <param name="content">UTF-8, unpacked.</param>
    /// <param name="list">The name of the list.</param>
    /// <param name="maxEntryBytes">The largest entry, and the largest text elsewhere, in bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<JsonElement> OfAsync(
        Stream content, string list, int maxEntryBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = new JsonEntries(list, maxEntryBytes);
        try
        {
            bool isLast;
            do
            {
                isLast = await entries.FillAsync(content, cancellationToken);
                entries.Take(isLast);
                foreach (JsonDocument entry in entries._ready)
                {
                    using (entry)
                    {
                        yield return entry.RootElement;
                    }
                }

                entries._ready.Clear();
            }
            while (!isLast);

            if (entries._place != Place.AfterList)
            {
                throw new InvalidDataException($"It has no list '{list}'.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(entries._buffer);
        }
    }

    private async Task<bool> FillAsync(Stream content, CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            if (_filled > _maxEntryBytes)
            {
                throw new InvalidDataException($"An entry of it is larger than {_maxEntryBytes} bytes.");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int read = await content.ReadAtLeastAsync(_buffer.AsMemory(_filled), _buffer.Length - _filled, throwOnEndOfStream: false, cancellationToken);
        bool isFirst = _filled == 0 && _place == Place.BeforeList;
        _filled += read;
        if (isFirst && _buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
        {
            // A mark of the byte order is no JSON, but some editors and tools write it.
            _buffer.AsSpan(0, 3).Fill((byte)' ');
        }

        return _filled < _buffer.Length;
    }

    // Takes all that is whole in the buffer; what is not stays for the next one.
    private void Take(bool isLast)
    {
        try
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(0, _filled), isLast, _state);
            (JsonReaderState state, int consumed) = (reader.CurrentState, 0);
            while (reader.Read() && TryStep(ref reader))
            {
                (state, consumed) = (reader.CurrentState, (int)reader.BytesConsumed);
            }

            _state = state;
            _buffer.AsSpan(consumed, _filled - consumed).CopyTo(_buffer);
            _filled -= consumed;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is half a surrogate pair.
            throw new InvalidDataException($"It is no valid JSON: {broken.Message}", broken);
        }
    }

    // False if the entry that begins here goes on beyond the buffer.
    private bool TryStep(ref Utf8JsonReader reader)
    {
        switch (_place)
        {
            case Place.BeforeList when reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(_list):
                _place = Place.AtList;
                return true;
            case Place.AtList:
                _place = reader.TokenType == JsonTokenType.StartArray ? Place.InList : throw new InvalidDataException($"Its '{_list}' is no list.");
                return true;
            case Place.InList when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.AfterList;
                return true;
            case Place.InList:
                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? entry))
                {
                    return false;
                }

                _ready.Add(entry);
                return true;
            default:
                return true;
        }
    }
}
