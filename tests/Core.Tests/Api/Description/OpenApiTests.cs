using System.Text;
using System.Text.Json.Nodes;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace ImageScan.Core.Tests.Api.Description;

public sealed class OpenApiTests
{
    private static readonly JsonObject Document = Parse(ApiLevel.Release45);

    [Theory]
    [InlineData(ApiLevel.Release45)]
    [InlineData(ApiLevel.Release49)]
    [InlineData(ApiLevel.Latest)]
    public void IsReadByAnotherProgramWithoutAComplaint(ApiLevel level)
    {
        ReadResult read = OpenApiDocument.Parse(Encoding.UTF8.GetString(ApiDescription.DocumentOf(level)), "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(error => $"{error.Pointer} {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => $"{warning.Pointer} {warning.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal(Operations.All.Count, read.Document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public void HasEveryOperationUnderItsMethodAndRoute() => Assert.Equal(
        Operations.All.Select(operation => $"{operation.Name} {operation.Method} {operation.Path}").Order(StringComparer.Ordinal),
        Described().Select(found => $"{found.Operation["operationId"]} {found.Method.ToUpperInvariant()} {found.Path}").Order(StringComparer.Ordinal));

    [Fact]
    public void SaysInASentenceWhatEachDoes() => Assert.All(
        Described(), found => Assert.Matches("^[A-Z].{8,}\\.$", $"{found.Operation["summary"]}"));

    [Fact]
    public void SaysWhichRoleEachNeeds() => Assert.All(Described(), found =>
    {
        Operation operation = Named(found.Operation);
        bool isOpen = operation.Access == RequiredAccess.None || operation.HasProofInBody;
        Assert.Equal(isOpen, found.Operation["security"] is JsonArray { Count: 0 });
        Assert.Equal(isOpen, $"{found.Operation["x-required-role"]}" == "none");
    });

    [Fact]
    public void HasASchemaForEverySuccess() => Assert.All(
        // roxctl is never to be had here.
        Described().Where(found => found.Operation["operationId"]!.GetValue<string>() != Operations.DownloadCli.Name),
        found => Assert.True((found.Operation["responses"]!["200"] ?? found.Operation["responses"]!["202"])!["content"] is not null, $"{found.Operation["operationId"]} answers with nothing"));

    [Fact]
    public void HasAnErrorForEverythingThatCanGoWrong() => Assert.Equal(
        "200 202 400 401 403 404 429 500 503 504",
        string.Join(' ', Document["paths"]!["/v1/images/scan"]!["post"]!["responses"]!.AsObject().Select(response => response.Key)));

    [Fact]
    public void HoldsErrorsToTheCodesOfTheirStatus()
    {
        JsonNode failure = Document["components"]!["responses"]!["Error404-5"]!;

        Assert.Equal("code 5, NotFound", failure["description"]!.GetValue<string>());
        Assert.Equal("[5]", failure["content"]!["application/json"]!["schema"]!["allOf"]![1]!["properties"]!["code"]!["enum"]!.ToJsonString());
    }

    [Fact]
    public void TakesWhatFieldsMeanFromTheSources()
    {
        JsonNode body = Document["paths"]!["/v1/images/scan"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;

        Assert.Equal("Read everything again.", body["properties"]!["force"]!["description"]!.GetValue<string>());
        Assert.Equal("The full name.", Document["components"]!["schemas"]!["ListImage"]!["properties"]!["name"]!["description"]!.GetValue<string>());
    }

    [Fact]
    public void LeavesParametersOfThePathOutOfTheQuery()
    {
        JsonArray parameters = Document["paths"]!["/v1/images/{id}"]!["get"]!["parameters"]!.AsArray();

        Assert.Equal(
            ["path id", "query includeSnoozed", "query stripDescription", "query platform", "query name", "query format", "query severity", "query fixable"],
            parameters.Select(parameter => $"{parameter!["in"]} {parameter["name"]}"));
    }

    [Fact]
    public void OfALaterLevelHasItsFields()
    {
        static bool HasEpss(ApiLevel level) => Parse(level)["components"]!["schemas"]!["Vulnerability"]!["properties"]!["epss"] is not null;

        Assert.Equal((false, true, true), (HasEpss(ApiLevel.Release45), HasEpss(ApiLevel.Release49), HasEpss(ApiLevel.Latest)));
    }

    private static JsonObject Parse(ApiLevel level) => JsonNode.Parse(ApiDescription.DocumentOf(level))!.AsObject();

    private static Operation Named(JsonNode described) => Operations.All.Single(operation => operation.Name == $"{described["operationId"]}");

    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Described() => Document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, method.Key, method.Value!)));
}
