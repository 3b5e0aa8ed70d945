using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Cuts a JSON document of any size into the values at a depth, so that one of them is in memory at a time.</summary>
internal sealed class JsonPieces
{
    /// <summary>The largest value that is taken, 16 MiB.</summary>
    public const int MaxPieceBytes = 16 * 1024 * 1024;

    private readonly int _depth;
    private readonly Stack<string> _open = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 64 });
    private string _name = "";

    private JsonPieces(int depth) => _depth = depth;

    /// <summary>
    /// The values below that many objects and lists, and those that stand higher up and are neither. Throws <see cref="InvalidDataException"/>
    /// where the document is no JSON, ends early, or has a value of more than <see cref="MaxPieceBytes"/>.
    /// </summary>
    public static async IAsyncEnumerable<JsonPiece> ReadAsync(
        Stream content, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pieces = new JsonPieces(depth);
        var reader = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            int wanted = 1;
            ReadResult read;
            do
            {
                read = await reader.ReadAtLeastAsync(wanted, cancellationToken);
                ReadOnlySequence<byte> buffer = read.Buffer;
                while (pieces.TryTake(ref buffer, read.IsCompleted) is { } piece)
                {
                    yield return piece;
                }

                if (buffer.Length > MaxPieceBytes)
                {
                    throw new InvalidDataException($"It has a value of more than {MaxPieceBytes} bytes.");
                }

                // A value is parsed from its beginning whenever more of it has come; doubling keeps that from being done too often.
                wanted = Math.Min(((int)buffer.Length * 2) + 1, MaxPieceBytes + 1);
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
            while (!read.IsCompleted);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    // Null if the buffer holds no more whole value; what it has been read of is cut off.
    private JsonPiece? TryTake(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        try
        {
            var reader = new Utf8JsonReader(buffer, isLast, _state);
            JsonPiece? piece = Take(ref reader);
            buffer = buffer.Slice(reader.BytesConsumed);
            _state = reader.CurrentState;
            return piece;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is no UTF-8, or half a surrogate pair.
            throw new InvalidDataException("It is no valid JSON: " + broken.Message, broken);
        }
    }

    private JsonPiece? Take(ref Utf8JsonReader reader)
    {
        while (true)
        {
            Utf8JsonReader before = reader;
            if (!reader.Read())
            {
                return null;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _name = reader.GetString()!;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray when _open.Count < _depth:
                    _open.Push(_name);
                    _name = "";
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _open.Pop();
                    _name = "";
                    break;
                default:
                    if (JsonElement.TryParseValue(ref reader, out JsonElement? value))
                    {
                        return Piece(value.Value);
                    }

                    reader = before;
                    return null;
            }
        }
    }

    private JsonPiece Piece(JsonElement value)
    {
        // The outermost object or list has no name.
        string[] path = _open.Count == 0 ? [] : [.. _open.Reverse().Skip(1), _name];
        _name = "";
        return new JsonPiece(path, value);
    }
}

/// <summary>A value, and where it stands.</summary>
/// <param name="Path">The names that lead to it from the outermost object on; "" for an entry of a list.</param>
/// <param name="Value">Lives as long as whoever holds it.</param>
internal sealed record JsonPiece(IReadOnlyList<string> Path, JsonElement Value);
