using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Description;

/// <summary>
/// JSON Schemas (https://json-schema.org/draft/2020-12/schema) of the messages of <see cref="Wire"/> at one level, made from what their
/// serializer goes by. They are as strict as proto's JSON mapping with every default emitted: plain fields are required, a message, a time and, in
/// 4.5, bytes may be null, a oneof may be missing, and nothing else may be there.
/// </summary>
/// <param name="level">Which fields there are.</param>
/// <param name="place">Where definitions are referred to, <c>#/$defs/</c> or <c>#/components/schemas/</c>.</param>
/// <param name="comments">What the fields mean.</param>
internal sealed class WireSchemas(ApiLevel level, string place, SourceComments comments)
{
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>Which fields there are.</summary>
    public ApiLevel Level => level;

    /// <summary>All messages and enums that have been referred to, and those that these refer to, by name.</summary>
    public JsonObject Definitions => new(_definitions.Select(definition => KeyValuePair.Create<string, JsonNode?>(definition.Key, definition.Value.DeepClone())));

    /// <summary>A reference to a message or an enum. Throws <see cref="NotSupportedException"/> if a field is of a type that has no form.</summary>
    public JsonObject RefTo(Type type)
    {
        string name = NameOf(type);
        if (!_definitions.ContainsKey(name))
        {
            // First the name, then what it stands for: messages may hold themselves.
            _definitions[name] = [];
            _definitions[name] = type.IsEnum ? EnumOf(type) : MessageOf(type);
        }

        return new JsonObject { ["$ref"] = place + name };
    }

    /// <summary>The name of a message in the description: <c>WireImage</c> is <c>Image</c>, and errors are what StackRox calls them.</summary>
    public static string NameOf(Type type) => type.Name switch
    {
        nameof(WireError) => "Runtimeerror",
        nameof(WireRetry) => "RetryInfo",
        var name when name.StartsWith("Wire", StringComparison.Ordinal) => name["Wire".Length..],
        var name => name,
    };

    private JsonObject EnumOf(Type type)
    {
        JsonObject schema = FieldSchema.EnumOf(type);
        AddDescription(schema, comments.Of(type));
        return schema;
    }

    private JsonObject MessageOf(Type type)
    {
        JsonTypeInfo form = WireJson.FormOf(type, level);
        if (form.Kind != JsonTypeInfoKind.Object)
        {
            throw new NotSupportedException($"{type.Name} is no message, so it has no schema.");
        }

        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (JsonPropertyInfo field in form.Properties.Where(field => field.Get is not null))
        {
            var property = (PropertyInfo)field.AttributeProvider!;
            properties[field.Name] = Described(FieldOf(property), comments.Of(property));
            if (!IsLeftOutIfUnset(property))
            {
                required.Add(field.Name);
            }
        }

        var schema = new JsonObject { ["type"] = "object" };
        AddDescription(schema, comments.Of(type));
        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject FieldOf(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        JsonObject schema = ValueOf(type);
        bool mayBeNull = !IsLeftOutIfUnset(property)
            && (type != property.PropertyType
                || _nullability.Create(property).ReadState == NullabilityState.Nullable
                || (type == typeof(ReadOnlyMemory<byte>) && level < WireJson.FirstProtojson));
        return mayBeNull ? OrNull(schema) : schema;
    }

    private JsonObject ValueOf(Type type) => FieldSchema.OfScalar(type)
        ?? FieldSchema.OfCollection(type, ValueOf)
        ?? RefTo(type);

    // A oneof that is not set leaves no key; all else is written as it is.
    private static bool IsLeftOutIfUnset(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull;

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            return schema;
        }

        return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        AddDescription(schema, description);
        return schema;
    }

    private static void AddDescription(JsonObject schema, string description)
    {
        if (description.Length > 0)
        {
            schema["description"] = description;
        }
    }
}
