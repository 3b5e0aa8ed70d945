using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Description;

/// <summary><c>docs/compatibility.md</c> against the program and against what StackRox has.</summary>
public sealed partial class CompatibilityTests
{
    private const string Page = "docs/compatibility.md";
    private const string NotHere = "not here";

    // https://github.com/stackrox/stackrox/tree/4.5.0/proto/api/v1: image_service, cve_service, vuln_mgmt_service, signature_integration_service,
    // image_integration_service, delegated_registry_config_service, integration_health_service, detection_service, auth_service, api_token_service,
    // metadata_service, ping_service; api/v2/vulnerability_exception_service; central/image/service/http_handler.go of 4.7; central/cli.
    private const string OfStackRox = """
        POST /v1/images/scan, GET /v1/images/{id}, GET /v1/images, GET /v1/imagescount, DELETE /v1/images, GET /v1/images/cache/invalidate,
        GET /v1/export/images, POST /api/v1/images/sbom, GET /v1/watchedimages, POST /v1/watchedimages, DELETE /v1/watchedimages,
        PATCH /v1/imagecves/suppress, PATCH /v1/imagecves/unsuppress, PATCH /v1/nodecves/suppress, PATCH /v1/nodecves/unsuppress,
        PATCH /v1/clustercves/suppress, PATCH /v1/clustercves/unsuppress,
        GET /v1/cve/requests, GET /v1/cve/requests/{id}, DELETE /v1/cve/requests/{id}, POST /v1/cve/requests/defer, POST /v1/cve/requests/false-positive,
        POST /v1/cve/requests/{id}/approve, POST /v1/cve/requests/{id}/deny, POST /v1/cve/requests/{id}/update, POST /v1/cve/requests/{id}/undo,
        GET /v2/vulnerability-exceptions, GET /v2/vulnerability-exceptions/{id}, PATCH /v2/vulnerability-exceptions/{id},
        DELETE /v2/vulnerability-exceptions/{id}, POST /v2/vulnerability-exceptions/deferral, POST /v2/vulnerability-exceptions/false-positive,
        POST /v2/vulnerability-exceptions/{id}/approve, POST /v2/vulnerability-exceptions/{id}/deny, POST /v2/vulnerability-exceptions/{id}/cancel,
        GET /v1/signatureintegrations, POST /v1/signatureintegrations, GET /v1/signatureintegrations/{id}, PUT /v1/signatureintegrations/{id},
        DELETE /v1/signatureintegrations/{id}, GET /v1/imageintegrations, POST /v1/imageintegrations, GET /v1/imageintegrations/{id},
        PUT /v1/imageintegrations/{id}, DELETE /v1/imageintegrations/{id}, PATCH /v1/imageintegrations/{id}, POST /v1/imageintegrations/test,
        POST /v1/imageintegrations/test/updated, GET /v1/delegatedregistryconfig, PUT /v1/delegatedregistryconfig,
        GET /v1/delegatedregistryconfig/clusters, GET /v1/ping, GET /v1/metadata, GET /v1/auth/status, GET /v1/integrationhealth/vulndefinitions,
        POST /v1/auth/m2m/exchange, POST /v1/detect/build, GET /api/cli/download/{name}, POST /v1.ImageService/ScanImage,
        GET /v1/apitokens, GET /v1/apitokens/{id}, POST /v1/apitokens/generate, PATCH /v1/apitokens/revoke/{id}, GET /v1/apitokens/generate/allowed-roles
        """;

    private static readonly (string Route, string State, string Remark)[] Routes =
    [
        .. MarkdownTables.Rows(Page, "Routes").SelectMany(row => Quoted().Matches(row[0]).Select(match => (match.Groups[1].Value, row[1], row[2]))),
    ];

    [Fact]
    public void ListsTheRoutesThatAreServed() => Assert.Equal(
        Operations.All.Select(operation => $"{operation.Method} {operation.Path}{(operation.IsOwn ? " own" : "")}").Order(StringComparer.Ordinal),
        Routes.Where(route => route.State != NotHere).Select(route => $"{route.Route}{(route.State == "own" ? " own" : "")}").Order(StringComparer.Ordinal));

    [Fact]
    public void LeavesNoRouteOfStackRoxOut() => Assert.Subset(
        Routes.Where(route => route.State != "own").Select(route => route.Route).ToHashSet(),
        OfStackRox.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet());

    [Fact]
    public void SaysOfEachRouteOneOfFourThingsAndWhyItIsNotHere() => Assert.All(Routes, route =>
    {
        Assert.Contains(route.State, (string[])["as StackRox", "in part", "own", NotHere]);
        Assert.True(route.State is "as StackRox" || route.Remark.Length > 0, route.Route);
    });

    // That the fields of the table are those that are sent is for ImageSchemaTests to say.
    [Fact]
    public void ListsEveryFieldInItsOrderWithItsRelease()
    {
        Assert.Equal(ProtoTable.Messages.Keys.Order(StringComparer.Ordinal), MarkdownTables.Under(Page, "Fields").Order(StringComparer.Ordinal));
        Assert.All(ProtoTable.Messages.Keys, message => Assert.Equal(
            ProtoTable.FieldsOf(message, int.MaxValue).Select(field => $"`{field.Name}` {(field.Since == 0 ? "" : $"{field.Since / 100}.{field.Since % 100}")}"),
            MarkdownTables.Rows(Page, $"Fields/{message}").SelectMany(row => Quoted().Matches(row[0]).Select(field => $"{field.Value} {row[1]}"))));
    }

    [Fact]
    public void SaysOfEachFieldOneOfFourThings() => Assert.All(
        MarkdownTables.Under(Page, "Fields").SelectMany(message => MarkdownTables.Rows(Page, $"Fields/{message}").Select(row => $"{message} {row[2]}")),
        state => Assert.Matches(@"^\S+ (as StackRox($|[:,] .)|filled($|: .)|other: .|empty: .)", state));

    [Fact]
    public void ListsEveryValueOnce() => Assert.Equal(
        ProtoTable.Enums.Select(known => $"{known.Key}: {string.Join(' ', ProtoTable.Words(known.Value).Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal),
        MarkdownTables.Rows(Page, "Values")
            .Select(row => $"{row[0]}: {string.Join(' ', Quoted().Matches($"{row[1]} {row[2]}").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void SaysWhyAValueIsNeverGiven() => Assert.All(
        MarkdownTables.Rows(Page, "Values").SelectMany(row => row[2].Split(';', StringSplitOptions.RemoveEmptyEntries)), never => Assert.Matches("`: .", never));

    [Fact]
    public void ListsEveryCodeWithItsStatus() => Assert.Equal(
        Enum.GetValues<GrpcCode>().Where(code => code != GrpcCode.Ok).Select(code => $"{(int)code} {code} {GrpcCodes.HttpStatusOf(code)}"),
        MarkdownTables.Rows(Page, "Codes").Select(row => $"{row[0]} {row[1]} {row[2]}"));

    [Fact]
    public void SaysWhichCodesAreGivenAsTheDescriptionDoes()
    {
        IEnumerable<GrpcCode> described = Operations.All.SelectMany(Core.Api.Description.AnswerCodes.Of).Distinct();

        // It is for a method that no operation has.
        Assert.Equal(
            described.Union([GrpcCode.Unimplemented]).Order().Select(code => (int)code),
            MarkdownTables.Rows(Page, "Codes").Where(row => row[3].StartsWith("given: ", StringComparison.Ordinal)).Select(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void SaysOfEachClientWhetherItWorks() => Assert.All(
        MarkdownTables.Rows(Page, "Clients"), row => Assert.True(row[1] is "works" or "in part" or NotHere && row[2].Length > 0, row[0]));

    [Fact]
    public void NamesATestThatThereIsForEachDifference()
    {
        HashSet<string> tests =
        [
            .. ((string[])["tests/Core.Tests", "tests/EndToEnd", "tests/Functions.Tests"])
                .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*Tests.cs", SearchOption.AllDirectories))
                .SelectMany(file => TestMethod().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}")),
        ];

        Assert.All(MarkdownTables.Rows(Page, "Differences"), row =>
        {
            Assert.NotEmpty(row[1]);
            Assert.NotEmpty(Quoted().Matches(row[2]));
            Assert.All(Quoted().Matches(row[2]), match => Assert.Contains(match.Groups[1].Value, tests));
        });
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\][\s\S]*?public (?:async Task|void|Task) (\w+)\(")]
    private static partial Regex TestMethod();
}
