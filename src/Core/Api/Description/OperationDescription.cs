using System.Text.Json.Nodes;
using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Description;

/// <summary>One operation as an Operation Object (https://spec.openapis.org/oas/v3.1.1.html#operation-object).</summary>
/// <param name="operation">The operation.</param>
/// <param name="answers">The schemas of its answers.</param>
/// <param name="requests">The schemas of its requests.</param>
/// <param name="failures">The errors that any operation gives, by name; those of this one are added.</param>
internal sealed class OperationDescription(Operation operation, WireSchemas answers, RequestSchemas requests, JsonObject failures)
{
    private const string Json = "application/json";

    /// <summary>The chapters of the API.</summary>
    public static IReadOnlyList<(string Name, string Description)> Tags { get; } =
    [
        ("Images", "Images, and the scans of them."),
        ("Exceptions", "What is decided not to be shown."),
        ("Policies", "Whether a build may go on."),
        ("Access", "Who may do what, and who did."),
        ("gRPC", "The same over gRPC-Web, for roxctl: errors are in the trailers, with the code and the text that they have in JSON."),
        ("Webhooks", "What registries tell of."),
        ("Harbor", "The adapter by which Harbor has its artifacts scanned (pluggable scanner specification 1.2)."),
        ("App", "How the app works, how it is, and what it can be asked."),
    ];

    /// <summary>The object.</summary>
    public JsonObject Make()
    {
        var made = new JsonObject { ["operationId"] = operation.Name, ["tags"] = new JsonArray(TagOf(operation)), ["summary"] = operation.Summary };
        made["description"] = Needs(operation);
        if (operation.Access == RequiredAccess.None || operation.HasProofInBody)
        {
            made["security"] = new JsonArray();
        }

        JsonNode[] parameters = [.. Parameters()];
        if (parameters.Length > 0)
        {
            made["parameters"] = new JsonArray(parameters);
        }

        if (operation.Body is { } body)
        {
            string type = operation.IsForHarbor ? HarborMediaTypes.ScanRequest : Json;
            made["requestBody"] = new JsonObject { ["content"] = Content(type, requests.BodyOf(body, operation.Route)) };
        }

        if (IsWebhook)
        {
            made["requestBody"] = new JsonObject { ["content"] = Content(Json, new JsonObject { ["description"] = "In the form of its sender." }) };
        }

        if (operation == Operations.PostVex)
        {
            made["requestBody"] = new JsonObject { ["content"] = Content(Json, new JsonObject { ["description"] = "The document, in OpenVEX or CycloneDX." }) };
        }

        if (operation.IsGrpc)
        {
            made["requestBody"] = GrpcDescription.RequestBody();
        }

        made["responses"] = Responses();
        made["x-required-role"] = operation.HasProofInBody ? "none" : RoleOf(operation.Access);
        made["x-stackrox"] = !operation.IsOwn;
        return made;
    }

    private bool IsWebhook => operation.Answer == typeof(WireWebhookAnswer);

    private static string TagOf(Operation operation) => operation.Route switch
    {
        _ when operation.IsGrpc => "gRPC",
        _ when operation.IsForHarbor => "Harbor",
        var route when route.Contains("exceptions", StringComparison.Ordinal) || route.Contains("imagecves", StringComparison.Ordinal)
            || route.StartsWith("v1/cve/", StringComparison.Ordinal) || route.StartsWith(Routes.Vex, StringComparison.Ordinal) => "Exceptions",
        var route when route.StartsWith("v1/detect", StringComparison.Ordinal) || route.StartsWith("v1/policies", StringComparison.Ordinal) => "Policies",
        var route when route.StartsWith("v1/webhooks", StringComparison.Ordinal) => "Webhooks",
        var route when route.Contains("image", StringComparison.Ordinal) || route.StartsWith("v1/scans", StringComparison.Ordinal) => "Images",
        var route when route.StartsWith("v1/auth", StringComparison.Ordinal) || route.StartsWith("v1/apitoken", StringComparison.Ordinal)
            || route.Contains("audit", StringComparison.Ordinal) || route.Contains("permissions", StringComparison.Ordinal) => "Access",
        _ => "App",
    };

    // The least of the roles that may.
    private static string RoleOf(RequiredAccess access) => access switch
    {
        RequiredAccess.None => "none",
        RequiredAccess.Read => "read",
        RequiredAccess.Scan => "scan",
        RequiredAccess.Request => "requester",
        RequiredAccess.Approve => "approver",
        _ => "admin",
    };

    private static string Needs(Operation operation)
    {
        bool isTold = operation.HasProofInBody && operation.Access == RequiredAccess.None;
        string needs = operation == Operations.GetBadge
            ? "Needs the role read, or a signed link; everybody else gets the same 404 as for an image that there is not."
            : isTold ? "Needs no credential but its sender's own proof."
            : operation.HasProofInBody ? "Needs no credential but the one in its body."
            : operation.Access == RequiredAccess.None ? "Open to everyone."
            : $"Needs the role {RoleOf(operation.Access)}.";
        return operation.IsOwn ? $"{needs} StackRox has no such route." : needs;
    }

    private IEnumerable<JsonObject> Parameters()
    {
        IEnumerable<JsonObject> known =
        [
            .. RequestSchemas.PathParametersOf(operation.Path),
            .. operation.Parameters is { } record ? requests.ParametersOf(record, operation.Route) : [],
        ];
        IEnumerable<JsonObject> more = operation.Name switch
        {
            nameof(Operations.ScanImage) => [Prefer(), .. Report()],
            nameof(Operations.GetImage) => [Platform(), Name(), .. Report()],
            nameof(Operations.GetScan) => [Name(), .. Report()],
            nameof(Operations.DetectBuild) => [Wait()],
            _ => [],
        };
        return known.Concat(more).DistinctBy(parameter => $"{parameter["in"]} {parameter["name"]}");
    }

    private IEnumerable<JsonObject> Report() => requests.ParametersOf(typeof(ReportParameters), operation.Route);

    private static JsonObject Platform() => RequestSchemas.Parameter(
        "query",
        "platform",
        "Our own: `os/architecture[/variant]`, which image of an index; linux/amd64 without it.",
        new JsonObject { ["type"] = "string" },
        isRequired: false);

    private static JsonObject Name() => RequestSchemas.Parameter(
        "query",
        "name",
        "Our own: by which of its names the image is meant, as what is decided about vulnerabilities goes by names; without it the first, or that of the scan.",
        new JsonObject { ["type"] = "string" },
        isRequired: false);

    private static JsonObject Prefer() => RequestSchemas.Parameter(
        "header",
        Preferences.Header,
        "Our own: `respond-async` for a 202 instead of a long wait, `wait=n` for n seconds of it at most (RFC 7240).",
        new JsonObject { ["type"] = "string" },
        isRequired: false);

    private static JsonObject Wait() => RequestSchemas.Parameter(
        "header",
        Preferences.Header,
        "Our own: `wait=n` for n seconds of waiting at most (RFC 7240).",
        new JsonObject { ["type"] = "string" },
        isRequired: false);

    private JsonObject Responses()
    {
        var responses = new JsonObject();
        if (operation.IsForHarbor)
        {
            HarborDescription.AddSuccesses(responses, operation, answers);
        }
        else if (operation != Operations.DownloadCli)
        {
            responses["200"] = Success();
        }

        if (operation == Operations.GetBadge || operation.Route is Routes.Page or Routes.PageAsset)
        {
            responses["304"] = new JsonObject { ["description"] = "It is what `If-None-Match` names." };
        }

        if (operation == Operations.ScanImage)
        {
            responses["202"] = new JsonObject
            {
                ["description"] = "The scan goes on; `Location` is where to ask after it.",
                ["headers"] = Headers("Location", "Retry-After"),
                ["content"] = Content(Json, answers.RefTo(typeof(WireScanJob))),
            };
        }

        if (IsWebhook)
        {
            responses["202"] = new JsonObject
            {
                ["description"] = "What the events ask for is stored and will be done.",
                ["content"] = Content(Json, answers.RefTo(typeof(WireWebhookAnswer))),
            };
            responses["413"] = new JsonObject
            {
                ["description"] = "The body is too long, or has too many events.",
                ["content"] = Content(Json, answers.RefTo(typeof(WireError))),
            };
        }

        if (operation.IsGrpc)
        {
            responses["415"] = GrpcDescription.NotSpoken();
        }

        if (operation == Operations.GetScan)
        {
            responses["303"] = new JsonObject
            {
                ["description"] = "The scan is done; `Location` is its image.",
                ["headers"] = Headers("Location"),
                ["content"] = Content(Json, answers.RefTo(typeof(WireScanJob))),
            };
        }

        Func<GrpcCode, int> statusOf = operation.IsForHarbor ? HarborErrors.StatusOf : GrpcCodes.HttpStatusOf;
        foreach (IGrouping<int, GrpcCode> status in AnswerCodes.Of(operation).GroupBy(statusOf).OrderBy(group => group.Key))
        {
            string form = operation.IsStream ? "Stream" : operation.IsForHarbor ? "Harbor" : "";
            string name = $"{form}Error{status.Key}{string.Concat(status.Select(code => $"-{(int)code}"))}";
            failures[name] ??= operation.IsForHarbor ? HarborDescription.Failure([.. status], answers) : Failure(status.Key, [.. status]);
            responses[$"{status.Key}"] = new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
        }

        return responses;
    }

    private JsonObject Success()
    {
        var success = new JsonObject { ["description"] = "Done." };
        if (operation == Operations.ScanImage)
        {
            success["description"] = "Done. With `gate=true` headers say whether a build may go on, `pass` or `fail`, and how many policies are violated.";
            success["headers"] = Headers(BuildGate.VerdictHeader, BuildGate.AlertsHeader);
        }

        if (IsWebhook)
        {
            success["description"] = "There was nothing to be done, or the answer is what Event Grid asks for before it sends events.";
            success["content"] = Content(
                Json,
                new JsonObject { ["anyOf"] = new JsonArray(answers.RefTo(typeof(WireWebhookAnswer)), answers.RefTo(typeof(WireWebhookValidation))) });
        }
        else if (operation.Answer is { } answer)
        {
            success["content"] = Content(Json, operation.IsStream ? LineOf(answer) : answers.RefTo(answer));
            if (operation == Operations.ScanImage || operation == Operations.GetImage)
            {
                OtherAnswers.AddReports(success["content"]!.AsObject());
            }
        }
        else if (OtherAnswers.Of(operation) is var (type, schema))
        {
            success["content"] = Content(type, schema);
            if (operation == Operations.GetBadge)
            {
                success["content"]![Json] = Content(Json, answers.RefTo(typeof(WireBadge)))[Json]!.DeepClone();
            }
        }

        return success;
    }

    private JsonObject Failure(int status, GrpcCode[] codes)
    {
        var failure = new JsonObject
        {
            ["description"] = string.Join("; ", codes.Select(code => $"code {(int)code}, {code}")),
        };
        string[] headers = status switch
        {
            401 => ["WWW-Authenticate"],
            429 or 504 => ["Retry-After"],
            _ => [],
        };
        if (headers.Length > 0)
        {
            failure["headers"] = Headers(headers);
        }

        JsonObject body = WithCodes(answers.RefTo(typeof(WireError)), codes);
        failure["content"] = Content(Json, operation.IsStream ? new JsonObject { ["anyOf"] = new JsonArray(body, answers.RefTo(BrokenStream)) } : body);
        return failure;
    }

    // Lines of JSON, which OpenAPI 3.1 has no word for: the schema is that of each, and what breaks them off is the last.
    private JsonObject LineOf(Type answer) => new()
    {
        ["description"] = "Of each line.",
        ["anyOf"] = new JsonArray(answers.RefTo(answer), answers.RefTo(BrokenStream)),
    };

    private Type BrokenStream => answers.Level < WireJson.FirstProtojson ? typeof(WireStreamFailure) : typeof(WireStatusFailure);

    private static JsonObject WithCodes(JsonObject error, GrpcCode[] codes) => new()
    {
        ["allOf"] = new JsonArray(
            error,
            new JsonObject
            {
                ["properties"] = new JsonObject { ["code"] = new JsonObject { ["enum"] = CodesOf(codes) } },
            }),
    };

    private static JsonArray CodesOf(GrpcCode[] codes) => [.. codes.Select(code => JsonValue.Create((int)code))];

    private static JsonObject Headers(params string[] names) => new(names.Select(name => KeyValuePair.Create<string, JsonNode?>(
        name, new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } })));

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };
}
