using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using Json.Schema;

namespace ImageScan.TestSupport;

/// <summary>Holds answers to the description of the API at one level.</summary>
internal sealed class DescribedApi
{
    private const string Components = "#/components/schemas/";
    private const string Definitions = "#/$defs/";
    private const string Json = "application/json";

    private static readonly ConcurrentDictionary<ApiLevel, DescribedApi> Levels = new();
    private static readonly EvaluationOptions Shortly = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = false };
    private static readonly EvaluationOptions AtLength = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = false };

    private readonly JsonObject _document;
    private readonly ConcurrentDictionary<(string Operation, int Status, string Type), JsonSchema?> _schemas = new();

    private DescribedApi(ApiLevel level)
    {
        string text = System.Text.Encoding.UTF8.GetString(ApiDescription.DocumentOf(level)).Replace(Components, Definitions, StringComparison.Ordinal);
        _document = JsonNode.Parse(text)!.AsObject();
    }

    public static DescribedApi Of(ApiLevel level) => Levels.GetOrAdd(level, made => new DescribedApi(made));

    /// <summary>The operation that a request means; null if it means none.</summary>
    public static Operation? OperationAt(string method, string path)
    {
        string[] parts = path.Trim('/').Split('/');
        return Operations.All
            // A route says by a star that its last value may have slashes; a path does not.
            .Where(operation => operation.Method == method && Fits((operation.Path == "/" ? "" : operation.Route).Split('/'), parts))
            .MinBy(operation => operation.Path.Count(letter => letter == '{'));
    }

    /// <summary>What of an answer is not as described, as <c>place: what</c>; empty if all is, or if the request meant no operation.</summary>
    public IReadOnlyList<string> ErrorsOf(string method, string path, int status, string? contentType, string text)
    {
        if (OperationAt(method, path) is not { } operation)
        {
            return [];
        }

        if (ResponseOf(operation, status) is not { } response)
        {
            return [$"{operation.Name} may not answer {status}, says AnswerCodes: {text}"];
        }

        if (method == "HEAD")
        {
            return [];
        }

        string[] described = [.. response["content"]?.AsObject().Select(content => content.Key) ?? []];
        if (!described.Any(IsJson))
        {
            return [];
        }

        if (described.FirstOrDefault(type => type.Split(';')[0] == contentType) is not { } type)
        {
            return [$"{operation.Name} answers {status} as {contentType ?? "nothing"}, not {string.Join(" or ", described)}"];
        }

        if (!IsJson(type))
        {
            return [];
        }

        JsonSchema schema = _schemas.GetOrAdd((operation.Name, status, contentType!), _ => SchemaOf(response["content"]![type]!["schema"]!))!;
        string[] documents = operation.IsStream && status == 200 ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [text];
        return [.. documents.SelectMany(document => ErrorsOf(schema, document)).Select(error => $"{operation.Name} {status} {error}")];
    }

    /// <summary>What is wrong with a document; empty if it is valid.</summary>
    public static IReadOnlyList<string> ErrorsOf(JsonSchema schema, string document)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(document);
        }
        catch (JsonException exception)
        {
            return [$"is no JSON: {exception.Message}"];
        }

        using (json)
        {
            return schema.Evaluate(json.RootElement, Shortly).IsValid ? []
                : ["is not as described", .. (schema.Evaluate(json.RootElement, AtLength).Details ?? [])
                    .SelectMany(detail => (detail.Errors ?? []).Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}"))];
        }
    }

    // Harbor's report of vulnerabilities does not say so in its name.
    private static bool IsJson(string type) =>
        type == Json || type.Split(';')[0] is var name && (name.EndsWith("+json", StringComparison.Ordinal) || name == "application/vnd.security.vulnerability.report");

    private static bool Fits(string[] route, string[] path) =>
        (route.Length == path.Length || (route[^1].StartsWith("{*", StringComparison.Ordinal) && path.Length > route.Length)) && route.Zip(path).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0));

    private JsonObject? ResponseOf(Operation operation, int status)
    {
        JsonNode? response = _document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!["responses"]![$"{status}"];
        return response?["$ref"] is { } reference
            ? _document["components"]!["responses"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject()
            : response?.AsObject();
    }

    private JsonSchema SchemaOf(JsonNode schema)
    {
        JsonObject whole = schema.DeepClone().AsObject();
        whole["$defs"] = _document["components"]!["schemas"]!.DeepClone();
        return JsonSchema.FromText(whole.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }
}
