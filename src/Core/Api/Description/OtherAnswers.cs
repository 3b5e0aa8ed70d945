using System.Text.Json.Nodes;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Description;

/// <summary>Answers that are no message of <see cref="Wire"/>.</summary>
internal static class OtherAnswers
{
    /// <summary>The content type and the schema of an operation's answer; null if its answer is a message.</summary>
    public static (string Type, JsonObject Schema)? Of(Operation operation, WireSchemas answers) => operation.Name switch
    {
        nameof(Operations.Health) => ("text/plain", new JsonObject { ["type"] = "string", ["const"] = "ok" }),
        nameof(Operations.GetOpenApi) => ("application/json", Object("This document.")),
        nameof(Operations.GetDocs) => ("text/html", Text("A page that shows this document to people.")),
        nameof(Operations.GetDocsAsset) => ("text/javascript", Text("A part of that page: `reader.js`, `scalar.js` or, as `image/svg+xml`, `favicon.svg`.")),
        nameof(Operations.Sbom) => ("application/json", Object("A document of SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/).")),
        nameof(Operations.ExportImages) => ("application/json", Line(answers)),
        _ => null,
    };

    // Lines of JSON, which OpenAPI 3.1 has no word for: the schema is that of each.
    private static JsonObject Line(WireSchemas answers) => new()
    {
        ["description"] = "Of each line.",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["image"] = answers.RefTo(typeof(WireImage)) },
                ["required"] = new JsonArray("image"),
                ["additionalProperties"] = false,
            },
        },
        ["required"] = new JsonArray("result"),
        ["additionalProperties"] = false,
    };

    private static JsonObject Object(string description) => new() { ["type"] = "object", ["description"] = description };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
