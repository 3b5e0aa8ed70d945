using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using ImageScan.TestSupport;
using Json.Schema;

namespace ImageScan.Core.Tests.Reports;

/// <summary>The published schemas of the formats, of ../shared/data/schemas.</summary>
internal static class Schemas
{
    private static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>CycloneDX 1.6.1; its schema refers to two others by their file names. Skips the test without ../shared.</summary>
    public static JsonSchema CycloneDx() => Load("spdx.schema.json", "jsf-0.82.schema.json", "bom-1.6.schema.json");

    /// <summary>SPDX 2.3. Skips the test without ../shared.</summary>
    public static JsonSchema Spdx() => Load("spdx-2.3.schema.json");

    /// <summary>GitLab's container scanning 15.0.7. Skips the test without ../shared.</summary>
    public static JsonSchema GitLab() => Load("gitlab-container-scanning-15.0.7.schema.json");

    /// <summary>What is wrong with a document of JUnit; empty if it is valid. Skips the test without ../shared.</summary>
    public static string[] JUnitErrorsOf(byte[] document)
    {
        var errors = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, DtdProcessing = DtdProcessing.Prohibit };
        settings.Schemas.Add(null, SharedData.Path("data", "schemas", "JUnit.xsd"));
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, wrong) => errors.Add(wrong.Message);
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        while (reader.Read())
        {
        }

        return [.. errors];
    }

    /// <summary>What is wrong with a document, as <c>place: what</c>; empty if it is valid.</summary>
    public static string[] ErrorsOf(JsonSchema schema, ReadOnlySpan<byte> document)
    {
        using JsonDocument json = JsonDocument.Parse(document.ToArray());
        EvaluationResults results = schema.Evaluate(json.RootElement, Strictly);
        return results.IsValid ? []
            :
            [
                "invalid",
                .. (results.Details ?? []).SelectMany(detail => (detail.Errors ?? []).Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}")),
            ];
    }

    private static JsonSchema Load(params string[] files)
    {
        var options = new BuildOptions { SchemaRegistry = new SchemaRegistry() };
        return files.Select(file => JsonSchema.FromText(File.ReadAllText(SharedData.Path("data", "schemas", file)), options)).ToArray()[^1];
    }
}
