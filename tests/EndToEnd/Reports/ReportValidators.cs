using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using ImageScan.EndToEnd.Tools;
using ImageScan.TestSupport;
using Json.Schema;

namespace ImageScan.EndToEnd.Reports;

/// <summary>
/// Programs and schemas of others that say whether a report is one. What they find is given as lines; none is as it should be. A test is skipped
/// where its validator is missing.
/// </summary>
internal static class ReportValidators
{
    // The schemas that CycloneDX's own library carries refer to each other by file name (https://github.com/CycloneDX/cyclonedx-javascript-library).
    private const string CycloneDxScript = """
        const fs = require('node:fs'), path = require('node:path');
        const { default: Ajv } = require('ajv');
        const { default: addFormats } = require('ajv-formats');
        const folder = path.join(path.dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
        const read = name => JSON.parse(fs.readFileSync(path.join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8'));
        const ajv = new Ajv({ strict: false, allErrors: true, schemas: { 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json': read('spdx'),
            'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json': read('jsf-0.82') } });
        addFormats(ajv);
        ajv.addFormat('idn-email', true);
        ajv.addFormat('iri-reference', true);
        const validate = ajv.compile(read('bom-1.6'));
        validate(JSON.parse(fs.readFileSync(process.argv[1], 'utf8')));
        console.log(JSON.stringify((validate.errors ?? []).map(error => `${error.instancePath}: ${error.message}`)));
        """;

    private static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>What is wrong with a report of that format; null if nobody but ourselves says what it is.</summary>
    public static async Task<string[]?> ErrorsOfAsync(string format, byte[] document, CancellationToken cancellationToken) => format switch
    {
        "sarif" => await SarifErrorsAsync(document, cancellationToken),
        "cyclonedx" => await CycloneDxErrorsAsync(document, cancellationToken),
        "spdx" => SchemaErrors("spdx-2.3.schema.json", document),
        "gitlab" => SchemaErrors("gitlab-container-scanning-15.0.7.schema.json", document),
        "junit" => JUnitErrors(document),
        _ => null,
    };

    /// <summary>By ajv, with the schemas of CycloneDX's library.</summary>
    public static async Task<string[]> CycloneDxErrorsAsync(byte[] document, CancellationToken cancellationToken)
    {
        string file = await FileOfAsync(document, ".cdx.json", cancellationToken);
        try
        {
            (int code, string output, string errors) = await NodeTools.RunAsync(["-e", CycloneDxScript, file], cancellationToken);
            Assert.True(code == 0, $"ajv ended with {code}: {errors}");
            return JsonSerializer.Deserialize<string[]>(output)!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// By Microsoft's validator (https://github.com/microsoft/sarif-sdk/blob/main/docs/multitool-usage.md): errors, by SARIF's rules and those that GitHub
    /// asks for.
    /// </summary>
    public static async Task<string[]> SarifErrorsAsync(byte[] document, CancellationToken cancellationToken)
    {
        string file = await FileOfAsync(document, ".sarif", cancellationToken);
        string found = $"{file}.validated.sarif";
        try
        {
            (int code, string output, string errors) = await SarifTool.RunAsync(
                ["validate", file, "--output", found, "--log", "ForceOverwrite", "--rule-kind", "Sarif;Ghas"], cancellationToken);
            Assert.True(File.Exists(found), $"sarif-multitool ended with {code}: {output} {errors}");
            using JsonDocument results = JsonDocument.Parse(await File.ReadAllBytesAsync(found, cancellationToken));
            return
            [
                .. results.RootElement.GetProperty("runs").EnumerateArray()
                    .SelectMany(run => run.GetProperty("results").EnumerateArray())
                    .Where(result => result.TryGetProperty("level", out JsonElement level) && level.GetString() == "error")
                    .Select(result => $"{result.GetProperty("ruleId").GetString()} {result.GetProperty("message")}"),
            ];
        }
        finally
        {
            File.Delete(file);
            File.Delete(found);
        }
    }

    /// <summary>By a schema of <c>../shared</c>.</summary>
    public static string[] SchemaErrors(string file, byte[] document)
    {
        JsonSchema schema = JsonSchema.FromText(
            File.ReadAllText(SharedData.Path("data", "schemas", file)), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        using JsonDocument json = JsonDocument.Parse(document);
        EvaluationResults results = schema.Evaluate(json.RootElement, Strictly);
        return results.IsValid ? []
            : ["invalid", .. (results.Details ?? []).SelectMany(detail => (detail.Errors ?? []).Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>By the schema of JUnit.</summary>
    public static string[] JUnitErrors(byte[] document)
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

    private static async Task<string> FileOfAsync(byte[] document, string extension, CancellationToken cancellationToken)
    {
        string file = Path.Combine(Path.GetTempPath(), $"imagescan-report-{Guid.NewGuid():n}{extension}");
        await File.WriteAllBytesAsync(file, document, cancellationToken);
        return file;
    }
}
