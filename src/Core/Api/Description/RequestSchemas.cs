using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Description;

/// <summary>
/// What requests look like, made from the records that they are read into. No field is required, and more than these may be there: the gateway
/// of StackRox takes what is missing for the default and ignores what it does not know.
/// </summary>
/// <param name="comments">What the fields mean.</param>
internal sealed class RequestSchemas(SourceComments comments)
{
    /// <summary>The body that is read into a record; parameters of the path are no part of it.</summary>
    public JsonObject BodyOf(Type record, string route)
    {
        var properties = new JsonObject();
        foreach (PropertyInfo property in FieldsOf(record).Where(property => !IsInPath(property, route)))
        {
            properties[NameOf(property)] = Described(property);
        }

        var schema = new JsonObject { ["type"] = "object" };
        if (comments.Of(record) is { Length: > 0 } description)
        {
            schema["description"] = description;
        }

        schema["properties"] = properties;
        return schema;
    }

    /// <summary>The query parameters that are read into a record.</summary>
    public IEnumerable<JsonObject> ParametersOf(Type record, string route) =>
        FieldsOf(record).Where(property => !IsInPath(property, route)).SelectMany(property => ParametersOf(property, ""));

    /// <summary>The parameters of a route template.</summary>
    public static IEnumerable<JsonObject> PathParametersOf(string route) => route.Split('/')
        .Where(part => part.StartsWith('{'))
        .Select(part => Parameter("path", part.Trim('{', '}'), "", new JsonObject { ["type"] = "string" }, isRequired: true));

    /// <summary>A parameter; without a word about what it means if there is none.</summary>
    public static JsonObject Parameter(string place, string name, string description, JsonObject schema, bool isRequired)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place };
        if (description.Length > 0)
        {
            parameter["description"] = description;
        }

        if (isRequired)
        {
            parameter["required"] = true;
        }

        parameter["schema"] = schema;
        return parameter;
    }

    // A message within is a parameter for each of its fields: query.pagination.limit.
    private IEnumerable<JsonObject> ParametersOf(PropertyInfo property, string prefix)
    {
        string name = prefix + NameOf(property);
        Type type = UnderlyingOf(property);
        return type.IsEnum || FieldSchema.OfScalar(type) is not null || FieldSchema.OfCollection(type, ValueOf) is not null
            ? [Parameter("query", name, comments.Of(property), ValueOf(type), isRequired: false)]
            : FieldsOf(type).SelectMany(field => ParametersOf(field, $"{name}."));
    }

    // What is worked out from others is no field.
    private static IEnumerable<PropertyInfo> FieldsOf(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Always);

    private static bool IsInPath(PropertyInfo property, string route) => route.Contains($"{{{NameOf(property)}}}", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static Type UnderlyingOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private JsonObject Described(PropertyInfo property)
    {
        JsonObject schema = ValueOf(UnderlyingOf(property));
        if (comments.Of(property) is { Length: > 0 } description)
        {
            schema["description"] = description;
        }

        return schema;
    }

    // A time or a number may be written in more ways than we write it.
    private JsonObject ValueOf(Type type)
    {
        if (type.IsEnum)
        {
            return FieldSchema.EnumOf(type);
        }

        if (FieldSchema.OfScalar(type) is { } scalar)
        {
            scalar.Remove("pattern");
            return scalar;
        }

        return FieldSchema.OfCollection(type, ValueOf) ?? BodyOf(type, route: "");
    }
}
