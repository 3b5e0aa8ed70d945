using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>A form that is only written: nobody sends these messages to us.</summary>
internal abstract class WriteOnlyConverter<T> : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeToConvert.Name} is written, never read.");
}

/// <summary>RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second, the fewest that hold the value.</summary>
internal sealed class TimestampConverter : WriteOnlyConverter<DateTimeOffset>
{
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        long fraction = value.UtcTicks % TimeSpan.TicksPerSecond;
        string format = fraction switch
        {
            0 => "yyyy-MM-dd'T'HH:mm:ss'Z'",
            _ when fraction % TimeSpan.TicksPerMillisecond == 0 => "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            _ when fraction % TimeSpan.TicksPerMicrosecond == 0 => "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            // A tick is 100 ns: the last two of nine digits are always zero.
            _ => "yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'",
        };
        writer.WriteStringValue(value.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }
}

/// <summary>64-bit integers are strings, since JavaScript's numbers cannot hold them.</summary>
internal sealed class Int64Converter : WriteOnlyConverter<long>
{
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>As <see cref="Int64Converter"/>.</summary>
internal sealed class UInt64Converter : WriteOnlyConverter<ulong>
{
    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>
/// The shortest digits that give the same float32 back, with an exponent only where Go's encoding/json uses one: below 1e-6 and from 1e21
/// on. What is no number is a string, as in proto's JSON mapping (https://protobuf.dev/programming-guides/json/).
/// </summary>
internal sealed class FloatConverter : WriteOnlyConverter<float>
{
    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
    {
        if (!float.IsFinite(value))
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
            return;
        }

        writer.WriteRawValue(TextOf(value), skipInputValidation: true);
    }

    internal static string TextOf(float value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return shortest;
        }

        string sign = value < 0 ? "-" : "";
        string mantissa = shortest[sign.Length..exponentAt];
        int exponent = int.Parse(shortest[(exponentAt + 1)..], CultureInfo.InvariantCulture);
        if (exponent is < -6 or >= 21)
        {
            // Go drops the leading zero of a negative exponent; a positive one has two digits anyway.
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{exponent:+0;-0}");
        }

        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}";
    }
}

/// <summary>Standard base64 with padding; 4.5 writes no bytes as null, later releases as "".</summary>
internal sealed class BytesConverter(bool writesNull) : WriteOnlyConverter<ReadOnlyMemory<byte>>
{
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
    {
        if (value.IsEmpty && writesNull)
        {
            writer.WriteNullValue();
        }
        else
        {
            // Base64 needs no escaping, and the encoder would not touch its '+'.
            writer.WriteStringValue(Convert.ToBase64String(value.Span));
        }
    }
}
