using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ImageScan.TestSupport;

/// <summary>
/// Holds a message of protobuf to the JSON that says the same, field by field of its descriptor: what JSON leaves out is not set, and what is set is in JSON.
/// </summary>
internal static class ProtoAgainstJson
{
    // A field of this app, for which StackRox's messages have no number.
    private const string Own = "removedAt";

    /// <summary>What differs, as <c>place: what</c>; empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(IMessage message, JsonElement json) => [.. Of(message.Descriptor.Name, message, json)];

    /// <summary>How many fields of JSON were there to be compared, those within others included.</summary>
    public static int CountOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Sum(property => 1 + CountOf(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().Sum(CountOf),
        _ => 0,
    };

    private static IEnumerable<string> Of(string place, IMessage message, JsonElement json)
    {
        IList<FieldDescriptor> fields = message.Descriptor.Fields.InDeclarationOrder();
        foreach (JsonProperty property in json.EnumerateObject().Where(property => fields.All(field => field.JsonName != property.Name) && property.Name != Own))
        {
            yield return $"{place}.{property.Name}: is in JSON alone";
        }

        foreach (FieldDescriptor field in fields)
        {
            string at = $"{place}.{field.JsonName}";
            object? value = field.Accessor.GetValue(message);
            if (!json.TryGetProperty(field.JsonName, out JsonElement said) || said.ValueKind == JsonValueKind.Null)
            {
                bool isUnset = field.HasPresence ? !field.Accessor.HasValue(message) : value is ICollection { Count: 0 } or ByteString { IsEmpty: true } || IsZero(value);
                if (!isUnset)
                {
                    yield return $"{at}: is in protobuf alone";
                }

                continue;
            }

            if (field.HasPresence && !field.Accessor.HasValue(message))
            {
                yield return $"{at}: is set in JSON alone";
                continue;
            }

            foreach (string difference in field.IsMap ? OfMap(at, (IDictionary)value!, said) : field.IsRepeated ? OfList(at, field, (IList)value!, said) : OfOne(at, field, value!, said))
            {
                yield return difference;
            }
        }
    }

    private static IEnumerable<string> OfList(string place, FieldDescriptor field, IList values, JsonElement said) => values.Count != said.GetArrayLength()
        ? [$"{place}: {values.Count} in protobuf, {said.GetArrayLength()} in JSON"]
        : said.EnumerateArray().SelectMany((each, i) => OfOne($"{place}[{i}]", field, values[i]!, each));

    private static IEnumerable<string> OfMap(string place, IDictionary values, JsonElement said)
    {
        Dictionary<string, string> json = said.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!);
        bool isSame = values.Count == json.Count && json.All(each => (string?)values[each.Key] == each.Value);
        return isSame ? [] : [$"{place}: differs"];
    }

    private static IEnumerable<string> OfOne(string place, FieldDescriptor field, object value, JsonElement said)
    {
        if (value is IMessage message and not Timestamp)
        {
            return Of(place, message, said);
        }

        (string proto, string json) = field.FieldType switch
        {
            FieldType.Enum => (field.EnumType.FindValueByNumber((int)value)?.Name ?? "none", said.GetString()!),
            FieldType.Bytes => (((ByteString)value).ToBase64(), said.GetString()!),
            FieldType.Bool => ($"{(bool)value}", $"{said.GetBoolean()}"),
            FieldType.Int64 or FieldType.UInt64 => (string.Create(CultureInfo.InvariantCulture, $"{value}"), said.GetString()!),
            FieldType.Int32 => (string.Create(CultureInfo.InvariantCulture, $"{value}"), said.GetRawText()),
            FieldType.Float => ($"{BitConverter.SingleToUInt32Bits((float)value):x}", $"{BitConverter.SingleToUInt32Bits(said.GetSingle()):x}"),
            FieldType.Message => ($"{((Timestamp)value).ToDateTimeOffset():O}", $"{DateTimeOffset.Parse(said.GetString()!, CultureInfo.InvariantCulture):O}"),
            _ => ((string)value, said.GetString()!),
        };
        return proto == json ? [] : [$"{place}: {proto} in protobuf, {json} in JSON"];
    }

    private static bool IsZero(object? value) => value switch
    {
        string text => text.Length == 0,
        bool flag => !flag,
        float number => number == 0,
        System.Enum or int or long or ulong => Convert.ToInt64(value, CultureInfo.InvariantCulture) == 0,
        _ => value is null,
    };
}
