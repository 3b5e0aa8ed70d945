using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Wire;

/// <summary>
/// Reads what <see cref="WireJson"/> writes, by rules of its own: proto's JSON mapping (https://protobuf.dev/programming-guides/json/). A key that
/// the message does not have is an error.
/// </summary>
internal static class WireReader
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new Moment(), new Int64(), new UInt64(), new Float32(), new Bytes() },
    };

    public static TMessage Read<TMessage>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<TMessage>(json, Options)!;

    private abstract class ReadOnlyConverter<T> : JsonConverter<T>
    {
        public override bool HandleNull => true;

        public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class Moment : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            string text = reader.GetString()!;
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{3}|\d{6}|\d{9}))?Z$", text);
            int dot = text.IndexOf('.', StringComparison.Ordinal);
            // A tick is 100 ns, so that the last two of nine digits say nothing.
            string fraction = dot < 0 ? "" : text[(dot + 1)..^1].PadRight(9, '0');
            Assert.EndsWith(dot < 0 ? "" : "00", fraction, StringComparison.Ordinal);
            var whole = DateTimeOffset.ParseExact(
                dot < 0 ? text : $"{text[..dot]}Z", "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return dot < 0 ? whole : whole.AddTicks(long.Parse(fraction[..7], CultureInfo.InvariantCulture));
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class Int64 : ReadOnlyConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            long.Parse(reader.GetString()!, CultureInfo.InvariantCulture);
    }

    private sealed class UInt64 : ReadOnlyConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            ulong.Parse(reader.GetString()!, CultureInfo.InvariantCulture);
    }

    private sealed class Float32 : ReadOnlyConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
            ? reader.GetString() switch { "NaN" => float.NaN, "Infinity" => float.PositiveInfinity, "-Infinity" => float.NegativeInfinity, _ => throw new JsonException() }
            : reader.GetSingle();
    }

    private sealed class Bytes : ReadOnlyConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? ReadOnlyMemory<byte>.Empty : reader.GetBytesFromBase64();
    }
}
