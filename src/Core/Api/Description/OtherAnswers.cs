using System.Text.Json.Nodes;
using ImageScan.Core.Reports;

namespace ImageScan.Core.Api.Description;

/// <summary>Answers that are no message of <see cref="Wire"/>.</summary>
internal static class OtherAnswers
{
    /// <summary>The content type and the schema of an operation's answer; null if its answer is a message.</summary>
    public static (string Type, JsonObject Schema)? Of(Operation operation) => operation.Name switch
    {
        nameof(Operations.Health) => ("text/plain", new JsonObject { ["type"] = "string", ["const"] = "ok" }),
        nameof(Operations.Ready) => ("text/plain", new JsonObject { ["type"] = "string", ["const"] = "ready" }),
        nameof(Operations.GetOpenApi) => ("application/json", Object("This document.")),
        nameof(Operations.GetDocs) => ("text/html", Text("A page that shows this document to people.")),
        nameof(Operations.GetDocsAsset) => ("text/javascript", Text("A part of that page: `reader.js`, `scalar.js` or, as `image/svg+xml`, `favicon.svg`.")),
        nameof(Operations.GetBadge) => ("image/svg+xml", Text("An image; with `format=shields` JSON that an endpoint badge of shields.io reads.")),
        nameof(Operations.GetPage) => ("text/html", Text("The page.")),
        nameof(Operations.HeadPage) => ("text/html", Text("Nothing.")),
        nameof(Operations.GetPageAsset) => ("text/javascript", Text("A script or, as `text/css` or `image/svg+xml`, a style or a picture.")),
        nameof(Operations.HeadPageAsset) => ("text/javascript", Text("Nothing.")),
        nameof(Operations.Sbom) => ("application/json", Object("A document of SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/).")),
        _ when operation.IsGrpc => (
            GrpcDescription.MediaType, Text("A frame with the message, if the code is 0, and one with `grpc-status` and `grpc-message`.")),
        _ => null,
    };

    /// <summary>Adds the forms other than JSON in which an image is answered.</summary>
    public static void AddReports(JsonObject content)
    {
        foreach (IReportFormat format in ReportFormats.All)
        {
            string description = $"With `format={format.Name}`.";
            JsonObject schema = format.MediaType.EndsWith("json", StringComparison.Ordinal) ? Object(description) : Text(description);
            content.TryAdd(format.MediaType, new JsonObject { ["schema"] = schema });
        }
    }

    private static JsonObject Object(string description) => new() { ["type"] = "object", ["description"] = description };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
