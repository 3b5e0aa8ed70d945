using System.Text.Json.Nodes;
using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Description;

/// <summary>What Harbor is answered, in media types of its own.</summary>
internal static class HarborDescription
{
    /// <summary>Adds what an operation answers if all goes well.</summary>
    public static void AddSuccesses(JsonObject responses, Operation operation, WireSchemas answers)
    {
        JsonObject answer = answers.RefTo(operation.Answer!);
        switch (operation.Name)
        {
            case nameof(Operations.GetHarborMetadata):
                responses["200"] = Response("Done.", (HarborMediaTypes.Metadata, answer), (HarborMediaTypes.OlderMetadata, answer));
                break;
            case nameof(Operations.ScanForHarbor):
                responses["202"] = Response("The scan has begun.", (HarborMediaTypes.ScanResponse, answer));
                break;
            default:
                responses["200"] = Response("Done.", (HarborMediaTypes.VulnerabilityReport, answer), (HarborMediaTypes.SbomReport, Sbom(answers)));
                responses["302"] = new JsonObject
                {
                    ["description"] = "The scan goes on; `Location` is where to ask again, `Refresh-After` after how many seconds.",
                    ["headers"] = new JsonObject { ["Location"] = Header("string"), ["Refresh-After"] = Header("integer") },
                };
                break;
        }
    }

    /// <summary>An error of one status.</summary>
    public static JsonObject Failure(IReadOnlyList<GrpcCode> codes, WireSchemas answers) =>
        Response(string.Join("; ", codes), (HarborMediaTypes.Error, answers.RefTo(typeof(WireHarborFailure))));

    // Its document is of a format of its own.
    private static JsonObject Sbom(WireSchemas answers)
    {
        JsonObject properties = new()
        {
            ["generated_at"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["artifact"] = answers.RefTo(typeof(WireHarborArtifact)),
            ["scanner"] = answers.RefTo(typeof(WireHarborScanner)),
            ["vendor_attributes"] = answers.RefTo(typeof(WireHarborCaveats)),
            ["media_type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(HarborMediaTypes.Spdx, HarborMediaTypes.CycloneDx) },
            ["sbom"] = new JsonObject { ["type"] = "object", ["description"] = "A document of SPDX 2.3 or CycloneDX 1.6." },
        };
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Header(string type) => new() { ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonObject Response(string description, params (string Type, JsonObject Schema)[] contents) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject(contents.Select(content => KeyValuePair.Create<string, JsonNode?>(
            content.Type, new JsonObject { ["schema"] = content.Schema.DeepClone() }))),
    };
}
