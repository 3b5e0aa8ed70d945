using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Api.Description;

/// <summary>
/// The whole API as an OpenAPI document (https://spec.openapis.org/oas/v3.1.1.html), made from <see cref="Operations"/>, the records that requests
/// are read into and the messages of answers. <c>docs/openapi.json</c> is that of the default level.
/// </summary>
public static class ApiDescription
{
    private const string Place = "#/components/schemas/";

    private static readonly ConcurrentDictionary<ApiLevel, byte[]> Documents = new();

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // It is served as JSON only, and read by people as a file.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document of one level as UTF-8, always the same bytes.</summary>
    public static byte[] DocumentOf(ApiLevel level) => Documents.GetOrAdd(level, made => BytesOf(Make(made)));

    /// <summary>
    /// A JSON Schema of the answer to a scan at one level, as UTF-8: no field may be missing that StackRox always sends, and none may be
    /// there that it does not have.
    /// </summary>
    public static byte[] ImageSchemaOf(ApiLevel level)
    {
        var schemas = new WireSchemas(level, "#/$defs/", SourceComments.Load());
        JsonObject image = schemas.RefTo(typeof(WireImage));
        return BytesOf(new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"The image that POST /v1/images/scan and GET /v1/images/{{id}} answer with, Api__Level {NameOf(level)}",
            ["$ref"] = image["$ref"]!.DeepClone(),
            ["$defs"] = schemas.Definitions,
        });
    }

    /// <summary>The level as the setting <c>Api__Level</c> says it.</summary>
    internal static string NameOf(ApiLevel level) => level == ApiLevel.Latest ? "latest" : $"{(int)level / 100}.{(int)level % 100}";

    private static byte[] BytesOf(JsonObject document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Layout), (byte)'\n'];

    private static JsonObject Make(ApiLevel level)
    {
        SourceComments comments = SourceComments.Load();
        var answers = new WireSchemas(level, Place, comments);
        var requests = new RequestSchemas(comments);
        var failures = new JsonObject();
        var paths = new JsonObject();
        foreach (IGrouping<string, Operation> route in Operations.All.GroupBy(operation => operation.Path))
        {
            paths[route.Key] = new JsonObject(route.Select(operation => KeyValuePair.Create<string, JsonNode?>(
                operation.Method.ToLowerInvariant(), new OperationDescription(operation, answers, requests, failures).Make())));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "ImageScanFunctions",
                ["version"] = ScannerVersion.Product,
                ["summary"] = "What is in a container image, and which vulnerabilities are known of it.",
                ["description"] = $"The API of StackRox's ImageService and its neighbours, in the form of {ReleaseOf(level)}. Requests may write names in "
                    + "camelCase or snake_case; every answer can be had indented with `?pretty`. Errors are a `Runtimeerror` with the code of gRPC.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = Security(),
            ["tags"] = new JsonArray([.. OperationDescription.Tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = answers.Definitions,
                ["responses"] = Sorted(failures),
                ["securitySchemes"] = SecuritySchemes(),
            },
        };
    }

    // So that a new operation moves none of the others' lines.
    private static JsonObject Sorted(JsonObject members) => new(
        members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static string ReleaseOf(ApiLevel level) => level == ApiLevel.Latest
        ? "StackRox as it is developed"
        : string.Create(CultureInfo.InvariantCulture, $"RHACS {NameOf(level)}");

    // Any one of them will do.
    private static JsonArray Security() => [.. SecuritySchemes().Select(scheme => (JsonNode)new JsonObject { [scheme.Key] = new JsonArray() })];

    private static JsonObject SecuritySchemes() => new()
    {
        ["bearer"] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["description"] = "A token of this app, or a JWT of an issuer that it trusts.",
        },
        ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "A user of the settings." },
        ["key"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = "x-functions-key",
            ["description"] = "A token of this app for tools that can set no other header; keys of the Functions host are not known to it.",
        },
    };
}
