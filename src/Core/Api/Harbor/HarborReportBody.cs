using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api.Harbor;

/// <summary>Writes reports for Harbor part by part: a list of ten thousand vulnerabilities is never one text.</summary>
/// <param name="scan">What was found.</param>
/// <param name="image">The name that was asked for.</param>
/// <param name="report">Its vulnerabilities, and what is missing.</param>
/// <param name="level">The form of values.</param>
internal sealed class HarborReportBody(Scan scan, ImageReference image, HarborReport report, ApiLevel level)
{
    // What is written before somebody takes it.
    private const int FlushedBytes = 32 * 1024;

    /// <summary>Writes the vulnerabilities, as <see cref="WireHarborReport"/> describes it.</summary>
    public async Task WriteVulnerabilitiesAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        Begin(json);
        json.WriteString("severity", report.Severity);
        json.WriteStartArray("vulnerabilities");
        long flushed = 0;
        foreach (WireHarborVulnerability vulnerability in report.Vulnerabilities())
        {
            Write(json, vulnerability);
            if (json.BytesCommitted + json.BytesPending - flushed > FlushedBytes)
            {
                await json.FlushAsync(cancellationToken);
                await output.FlushAsync(cancellationToken);
                flushed = json.BytesCommitted;
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the bill of materials in a format of <see cref="HarborMediaTypes"/>.</summary>
    public async Task WriteSbomAsync(PipeWriter output, string format, CancellationToken cancellationToken)
    {
        using var document = new MemoryStream();
        Scan named = scan with { Names = [image] };
        if (format == HarborMediaTypes.Spdx)
        {
            Spdx.Write(named, document);
        }
        else
        {
            CycloneDx.Write(named, document);
        }

        await using var json = new Utf8JsonWriter(output);
        Begin(json);
        json.WriteString("media_type", format);
        json.WritePropertyName("sbom");
        json.WriteRawValue(document.GetBuffer().AsSpan(0, (int)document.Length), skipInputValidation: true);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    private void Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("generated_at");
        Write(json, scan.ScannedAt);
        json.WritePropertyName("artifact");
        Write(json, new WireHarborArtifact { Repository = image.Remote, Digest = $"{image.Digest ?? scan.Id}" });
        json.WritePropertyName("scanner");
        Write(json, HarborReport.Scanner);
        json.WritePropertyName("vendor_attributes");
        Write(json, report.Limits);
    }

    private void Write<T>(Utf8JsonWriter json, T part) => JsonSerializer.Serialize(json, part, (JsonTypeInfo<T>)WireJson.FormOf(typeof(T), level));
}
