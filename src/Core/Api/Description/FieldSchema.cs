using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageScan.Core.Api.Description;

/// <summary>What values look like in proto's JSON mapping (https://protobuf.dev/programming-guides/json/).</summary>
internal static class FieldSchema
{
    // RFC 3339 in UTC, with the fewest of 0, 3, 6 and 9 digits that hold the value.
    private const string Timestamp = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6}|\.\d{9})?Z$";

    /// <summary>The schema of a plain value; null for a type that is none.</summary>
    public static JsonObject? OfScalar(Type type) => type switch
    {
        _ when type == typeof(string) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
        _ when type == typeof(int) => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new JsonObject { ["type"] = "string", ["format"] = "int64", ["pattern"] = @"^(0|-?[1-9]\d*)$" },
        _ when type == typeof(ulong) => new JsonObject { ["type"] = "string", ["format"] = "uint64", ["pattern"] = @"^(0|[1-9]\d*)$" },
        _ when type == typeof(float) => new JsonObject { ["type"] = "number", ["format"] = "float" },
        _ when type == typeof(double) => new JsonObject { ["type"] = "number", ["format"] = "double" },
        _ when type == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time", ["pattern"] = Timestamp },
        _ when type == typeof(TimeSpan) => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?\d+(\.\d{1,9})?s$" },
        _ when type == typeof(ReadOnlyMemory<byte>) => new JsonObject
        {
            ["type"] = "string",
            ["contentEncoding"] = "base64",
            ["pattern"] = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        },
        _ => null,
    };

    /// <summary>The schema of a map or a list; null for a type that is neither.</summary>
    /// <param name="type">The type.</param>
    /// <param name="valueOf">The schema of what it holds.</param>
    public static JsonObject? OfCollection(Type type, Func<Type, JsonObject> valueOf)
    {
        if (Argument(type, typeof(IReadOnlyDictionary<,>), 1) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = valueOf(value) };
        }

        return Argument(type, typeof(IEnumerable<>), 0) is { } item
            ? new JsonObject { ["type"] = "array", ["items"] = valueOf(item) }
            : null;
    }

    /// <summary>Enums go by the names of the proto file.</summary>
    public static JsonObject EnumOf(Type type) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(JsonNamingPolicy.SnakeCaseUpper.ConvertName(name)))]),
    };

    private static Type? Argument(Type type, Type generic, int index) => type.GetInterfaces().Prepend(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic)?.GetGenericArguments()[index];
}
