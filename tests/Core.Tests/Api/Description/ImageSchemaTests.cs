using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using ImageScan.Core.Api.Wire;
using ImageScan.TestSupport;
using Json.Schema;

namespace ImageScan.Core.Tests.Api.Description;

/// <summary>The schema of an image against the proto files of StackRox, which know nothing of how it was made.</summary>
public sealed class ImageSchemaTests
{
    private const string Whole = """
        {"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"notes":[]}
        """;

    private const string Signed = """
        {"signatures":[{"cosign":{"rawSignature":"AQI=","signaturePayload":null,"certPem":null,"certChainPem":null}}],"fetched":null}
        """;

    [Theory]
    [InlineData(ApiLevel.Release45)]
    [InlineData(ApiLevel.Release49)]
    [InlineData(ApiLevel.Latest)]
    public void IsWhatTheProtoFilesSay(ApiLevel level)
    {
        JsonObject schema = JsonNode.Parse(ApiDescription.ImageSchemaOf(level))!.AsObject();
        var seen = new HashSet<string>();

        AssertIs(schema, level, schema, "Image", seen);

        Assert.Equal(schema["$defs"]!.AsObject().Count, seen.Count);
    }

    [Fact]
    public void CoversTheWholeTable()
    {
        JsonObject schema = JsonNode.Parse(ApiDescription.ImageSchemaOf(ApiLevel.Latest))!.AsObject();
        var seen = new HashSet<string>();

        AssertIs(schema, ApiLevel.Latest, schema, "Image", seen);

        Assert.Equal(ProtoTable.Messages.Keys.Concat(ProtoTable.Enums.Keys).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void IsASchema()
    {
        using JsonDocument schema = JsonDocument.Parse(ApiDescription.ImageSchemaOf(ApiLevel.Release45));

        Assert.True(MetaSchemas.Draft202012.Evaluate(schema.RootElement).IsValid);
    }

    // The worked answers of 4.5 and of what came later, measured on StackRox's own marshallers.
    [Theory]
    [InlineData(ApiLevel.Release45, "", "")]
    [InlineData(ApiLevel.Release45, "\"signature\":null", "\"signature\":" + Signed)]
    [InlineData(ApiLevel.Release45, "\"names\":[]", """ "names":[{"registry":"docker.io","remote":"library/alpine","tag":"3.18.0","fullName":"docker.io/library/alpine:3.18.0"}] """)]
    [InlineData(ApiLevel.Release45, "\"lastUpdated\":null", "\"lastUpdated\":\"2024-11-27T18:16:32Z\"")]
    [InlineData(ApiLevel.Release45, "\"lastUpdated\":null", "\"lastUpdated\":\"2024-11-27T18:16:32.123456789Z\"")]
    [InlineData(ApiLevel.Release45, "\"riskScore\":0", "\"riskScore\":1.09075,\"topCvss\":6.5")]
    [InlineData(ApiLevel.Release45, "\"notes\":[]", "\"notes\":[\"MISSING_SIGNATURE\",\"MISSING_SIGNATURE_VERIFICATION_DATA\"]")]
    public void TakesWhatStackRoxAnswers(ApiLevel level, string from, string to) => Assert.Empty(Judge(level, from, to));

    [Theory]
    [InlineData("\"id\":\"\",", "")]
    [InlineData("\"id\":\"\"", "\"id\":null")]
    [InlineData("\"names\":[]", "\"names\":null")]
    [InlineData("\"metadata\":null,", "")]
    [InlineData("\"priority\":\"0\"", "\"priority\":0")]
    [InlineData("\"priority\":\"0\"", "\"priority\":\"00\"")]
    [InlineData("\"riskScore\":0", "\"riskScore\":\"0\"")]
    [InlineData("\"riskScore\":0", "\"riskScore\":0,\"topCvss\":null")]
    [InlineData("\"notes\":[]", "\"notes\":[\"MISSING_NOTHING\"]")]
    [InlineData("\"notes\":[]", "\"notes\":[2]")]
    [InlineData("\"notes\":[]", "\"notes\":[],\"baseImageInfo\":[]")]
    [InlineData("\"lastUpdated\":null", "\"lastUpdated\":\"2024-11-27T18:16:32+01:00\"")]
    [InlineData("\"lastUpdated\":null", "\"lastUpdated\":\"2024-11-27T18:16:32.1Z\"")]
    [InlineData("\"signature\":null", """ "signature":{"signatures":[{"cosign":{"rawSignature":"?","signaturePayload":null,"certPem":null,"certChainPem":null}}],"fetched":null} """)]
    [InlineData("\"signature\":null", """ "signature":{"signatures":[{"cosign":null}],"fetched":null} """)]
    public void RefusesWhatStackRoxWouldNeverAnswer(string from, string to) => Assert.NotEmpty(Judge(ApiLevel.Release45, from, to));

    [Theory]
    [InlineData(ApiLevel.Release45)]
    [InlineData(ApiLevel.Release49)]
    [InlineData(ApiLevel.Latest)]
    public void TakesAnEmptyMessageOfEachKind(ApiLevel level)
    {
        var image = new WireImage
        {
            Name = new WireImageName(),
            Metadata = new WireMetadata { V1 = new WireV1Metadata { Layers = [new WireLayer()] }, V2 = new WireV2Metadata(), DataSource = new WireDataSource() },
            Scan = new WireScan
            {
                Components =
                [
                    new WireComponent
                    {
                        License = new WireLicense(),
                        Executables = [new WireExecutable()],
                        Vulns =
                        [
                            new WireVulnerability
                            {
                                Advisory = new WireAdvisory(),
                                CvssV2 = new WireCvssV2(),
                                CvssV3 = new WireCvssV3(),
                                CvssMetrics = [new WireCvssScore { CvssV3 = new WireCvssV3() }],
                                Epss = new WireEpss(),
                                Exploit = new WireExploit(),
                            },
                        ],
                    },
                ],
            },
            Signature = new WireImageSignature { Signatures = [new WireSignature { Cosign = new WireCosignSignature() }] },
            SignatureVerificationData = new WireVerification { Results = [new WireVerificationResult()] },
            BaseImageInfo = [new WireBaseImage()],
        };

        Assert.Empty(DescribedApi.ErrorsOf(SchemaOf(level), Encoding.UTF8.GetString(WireJson.BytesOf(image, WireLayout.Compact, level))));
    }

    private static IReadOnlyList<string> Judge(ApiLevel level, string from, string to) =>
        DescribedApi.ErrorsOf(SchemaOf(level), from.Length == 0 ? Whole : Replaced(from, to));

    private static string Replaced(string from, string to)
    {
        Assert.Contains(from, Whole, StringComparison.Ordinal);
        return Whole.Replace(from, to, StringComparison.Ordinal);
    }

    private static JsonSchema SchemaOf(ApiLevel level) =>
        JsonSchema.FromText(Encoding.UTF8.GetString(ApiDescription.ImageSchemaOf(level)), new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    private static void AssertIs(JsonObject whole, ApiLevel level, JsonObject place, string type, HashSet<string> seen)
    {
        JsonObject schema = whole["$defs"]![place["$ref"]!.GetValue<string>()["#/$defs/".Length..]]!.AsObject();
        if (!seen.Add(type))
        {
            return;
        }

        if (ProtoTable.Enums.TryGetValue(type, out string? values))
        {
            Assert.Equal((type, string.Join(' ', ProtoTable.Words(values))), (type, string.Join(' ', schema["enum"]!.AsArray().Select(value => value!.GetValue<string>()))));
            return;
        }

        IReadOnlyList<ProtoField> fields = ProtoTable.FieldsOf(type, (int)level);
        Assert.Equal("object", schema["type"]!.GetValue<string>());
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(fields.Select(field => field.Name), schema["properties"]!.AsObject().Select(property => property.Key));
        Assert.Equal(
            fields.Where(field => !field.IsOneof).Select(field => field.Name), schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? []);
        foreach (ProtoField field in fields)
        {
            AssertIsField(whole, level, schema["properties"]![field.Name]!.AsObject(), field, $"{type}.{field.Name}", seen);
        }
    }

    private static void AssertIsField(JsonObject whole, ApiLevel level, JsonObject schema, ProtoField field, string name, HashSet<string> seen)
    {
        if (field.IsList)
        {
            Assert.Equal((name, "array"), (name, schema["type"]!.GetValue<string>()));
            schema = schema["items"]!.AsObject();
        }

        if (PlainForm(field, level) is { } form)
        {
            Assert.Equal((name, form), (name, $"{schema["type"]!.ToJsonString()} {schema["format"]}".Trim()));
            return;
        }

        // A list has no nulls, and a oneof no key.
        bool mayBeNull = !field.IsList && !field.IsOneof && !ProtoTable.Enums.ContainsKey(field.Type);
        if (mayBeNull)
        {
            JsonArray choice = schema["anyOf"]!.AsArray();
            Assert.Equal((name, 2, "null"), (name, choice.Count, choice[1]!["type"]!.GetValue<string>()));
            schema = choice[0]!.AsObject();
        }

        AssertIs(whole, level, schema, field.Type, seen);
    }

    private static string? PlainForm(ProtoField field, ApiLevel level) => field.Type switch
    {
        "string" => "\"string\"",
        "bool" => "\"boolean\"",
        "int32" => "\"integer\" int32",
        "int64" => "\"string\" int64",
        "uint64" => "\"string\" uint64",
        "float" => "\"number\" float",
        "time" => field.IsOneof ? "\"string\" date-time" : "[\"string\",\"null\"] date-time",
        "bytes" => level == ApiLevel.Release45 ? "[\"string\",\"null\"]" : "\"string\"",
        "map" => "\"object\"",
        _ => null,
    };
}
