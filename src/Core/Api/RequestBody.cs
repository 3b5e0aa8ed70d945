using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// The fields of a JSON request, read as 4.5's gateway reads them: names in camelCase or snake_case and case-sensitive, unknown ones
/// ignored, the last of a repeated one counts, <c>null</c> is the default, nothing at all is the empty message, bytes after the first
/// value are ignored (golang/protobuf jsonpb over Go's encoding/json). Any Content-Type will do.
/// </summary>
public sealed class RequestBody
{
    /// <summary>The longest body, in bytes. Image names have a few hundred.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>How deep arrays and objects may nest, also in fields that nobody reads.</summary>
    public const int MaxDepth = 64;

    private static readonly byte[] Utf8Bom = [0xEF, 0xBB, 0xBF];

    private readonly Dictionary<string, Field> _fields;

    private RequestBody(Dictionary<string, Field> fields) => _fields = fields;

    /// <summary>
    /// Reads the body of a request. Throws <see cref="ApiException"/> with code 3 if it is too long, too deep or no JSON object. Too
    /// long is no 429, as gRPC would have it: that asks clients to send it again.
    /// </summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Parse(await BytesOfAsync(request, cancellationToken));

    /// <summary>The body of a request as it is. Throws <see cref="ApiException"/> with code 3 if it is too long.</summary>
    internal static async Task<byte[]> BytesOfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            int length = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, MaxBytes + 1), MaxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > MaxBytes ? throw TooLong() : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static ApiException TooLong() => new(GrpcCode.InvalidArgument, $"the request body is longer than {MaxBytes} bytes");

    /// <summary>Reads a body that is at hand. Throws <see cref="ApiException"/> with code 3 if it is too deep or no JSON object.</summary>
    public static RequestBody Parse(ReadOnlySpan<byte> json)
    {
        json = json.StartsWith(Utf8Bom) ? json[Utf8Bom.Length..] : json;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new RequestBody([]);
        }

        // Go replaces bad UTF-8 with U+FFFD where Utf8JsonReader throws.
        ReadOnlySpan<byte> text = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        try
        {
            return new RequestBody(ReadFields(text));
        }
        catch (JsonException exception)
        {
            throw new ApiException(
                GrpcCode.InvalidArgument,
                $"the request body is no JSON that can be read: byte {exception.BytePositionInLine} of line {exception.LineNumber + 1} "
                    + $"is the end or not what belongs there, or lies deeper than {MaxDepth} levels");
        }
    }

    /// <summary>
    /// A string field; "" if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is something else.
    /// </summary>
    public string Text(string name) => ValueOf(name) switch
    {
        null => "",
        { Kind: JsonTokenType.String } field => field.Text,
        var field => throw WrongType(field.Kind, "string"),
    };

    /// <summary>
    /// A boolean field; false if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is something else.
    /// </summary>
    public bool Flag(string name) => ValueOf(name) switch
    {
        null => false,
        { Kind: JsonTokenType.True } => true,
        { Kind: JsonTokenType.False } => false,
        var field => throw WrongType(field.Kind, "bool"),
    };

    /// <summary>
    /// A 32-bit number; 0 if it is missing or null, also in a string as proto's JSON mapping allows. Throws <see cref="ApiException"/> with code 3 if it
    /// is something else.
    /// </summary>
    public int Whole(string name) => ValueOf(name) switch
    {
        null => 0,
        { Kind: JsonTokenType.Number or JsonTokenType.String } field
            when int.TryParse(field.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        { Kind: JsonTokenType.Number } field =>
            throw new ApiException(GrpcCode.InvalidArgument, $"json: cannot unmarshal number {HostileText.Plain(field.Text)} into Go value of type int32"),
        var field => throw WrongType(field.Kind, "int32"),
    };

    /// <summary>
    /// An enum field by its proto names, or its number; the default if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is
    /// something else.
    /// </summary>
    /// <param name="name">The field.</param>
    /// <param name="protoName">The enum's name in the proto file.</param>
    public TEnum Choice<TEnum>(string name, string protoName)
        where TEnum : struct, Enum
    {
        Field? field = ValueOf(name);
        return field switch
        {
            null => default,
            { Kind: JsonTokenType.String } => Enum.GetValues<TEnum>().Cast<TEnum?>()
                .FirstOrDefault(value => JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{value}") == field.Text) ?? throw UnknownValue(field.Text, protoName),
            { Kind: JsonTokenType.Number } => Enum.GetValues<TEnum>().Cast<TEnum?>()
                .FirstOrDefault(value => $"{value:D}" == field.Text) ?? throw UnknownValue(field.Text, protoName),
            _ => throw WrongType(field.Kind, "int32"),
        };
    }

    /// <summary>
    /// A field that is a list of messages; empty if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is something else.
    /// </summary>
    public IReadOnlyList<RequestBody> Messages(string name) => ValueOf(name) switch
    {
        null => [],
        { Kind: JsonTokenType.StartArray } field => ReadMessages(field.Value),
        var field => throw WrongType(field.Kind, "[]json.RawMessage"),
    };

    /// <summary>A field that is a message; null if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is something else.</summary>
    public RequestBody? Message(string name) => ValueOf(name) switch
    {
        null => null,
        { Kind: JsonTokenType.StartObject } field => new RequestBody(ReadFields(field.Value)),
        var field => throw WrongType(field.Kind, "map[string]json.RawMessage"),
    };

    /// <summary>
    /// A field that is a list of strings; empty if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is something else.
    /// </summary>
    public IReadOnlyList<string> Texts(string name) => ValueOf(name) switch
    {
        null => [],
        { Kind: JsonTokenType.StartArray } field => ReadTexts(field.Value),
        var field => throw WrongType(field.Kind, "[]json.RawMessage"),
    };

    /// <summary>
    /// A timestamp in the form of RFC 3339, cut to 100 ns; null if it is missing or null. Throws <see cref="ApiException"/> with code 3 if it is
    /// something else.
    /// </summary>
    public DateTimeOffset? Moment(string name) => ValueOf(name) is null ? null : GoTime.MomentOf(Text(name));

    /// <summary>
    /// A duration as Go writes it, <c>86400s</c> or <c>1h30m</c>, cut to 100 ns; null if it is missing or null. Throws <see cref="ApiException"/> with
    /// code 3 if it is something else.
    /// </summary>
    public TimeSpan? Duration(string name) => ValueOf(name) is null ? null : GoTime.DurationOf(Text(name));

    private static List<string> ReadTexts(ReadOnlySpan<byte> array)
    {
        var texts = new List<string>();
        var reader = new Utf8JsonReader(array, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType switch
            {
                JsonTokenType.String => TextOf(ref reader),
                JsonTokenType.Null => "",
                var kind => throw WrongType(kind, "string"),
            });
        }

        return texts;
    }

    // What it reads has passed the reader before, so only types can be wrong.
    private static List<RequestBody> ReadMessages(ReadOnlySpan<byte> array)
    {
        var messages = new List<RequestBody>();
        var reader = new Utf8JsonReader(array, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            messages.Add(new RequestBody(ReadFields(ValueAt(ref reader, array))));
        }

        return messages;
    }

    private static ReadOnlySpan<byte> ValueAt(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static Dictionary<string, Field> ReadFields(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            // An array that breaks off is no array.
            reader.Skip();
            throw WrongType(reader.TokenType, "map[string]json.RawMessage");
        }

        var fields = new Dictionary<string, Field>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = TextOf(ref reader);
            reader.Read();
            JsonTokenType kind = reader.TokenType;
            string text = kind switch
            {
                JsonTokenType.String => TextOf(ref reader),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => "",
            };
            ReadOnlySpan<byte> value = ValueAt(ref reader, json);
            fields[name] = new Field(kind, text, kind is JsonTokenType.StartArray or JsonTokenType.StartObject ? value.ToArray() : []);
        }

        return fields;
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // "\ud800": half a surrogate pair in an escape.
            return Unescape(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    // Only for what has passed the reader: every escape is complete.
    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            text.Append(escaped[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            i += escaped[i] == 'u' ? 4 : 0;
        }

        // A round trip turns what is left of broken pairs into U+FFFD.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Where both names are there, the camelCase one counts.
    private Field? ValueOf(string name)
    {
        bool found = _fields.TryGetValue(name, out Field? field) || _fields.TryGetValue(SnakeCaseOf(name), out field);
        return found && field!.Kind != JsonTokenType.Null ? field : null;
    }

    private static string SnakeCaseOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    // The words of Go's json.UnmarshalTypeError.
    private static ApiException WrongType(JsonTokenType kind, string target)
    {
        string found = kind switch
        {
            JsonTokenType.Number => "number",
            JsonTokenType.String => "string",
            JsonTokenType.True or JsonTokenType.False => "bool",
            JsonTokenType.StartArray or JsonTokenType.EndArray => "array",
            _ => "object",
        };
        return new ApiException(GrpcCode.InvalidArgument, $"json: cannot unmarshal {found} into Go value of type {target}");
    }

    // The words of jsonpb (https://github.com/golang/protobuf/blob/v1.3.5/jsonpb/jsonpb.go).
    private static ApiException UnknownValue(string value, string protoName) =>
        new(GrpcCode.InvalidArgument, $"unknown value {HostileText.Quote(value)} for enum {protoName}");

    private sealed record Field(JsonTokenType Kind, string Text, byte[] Value);
}
