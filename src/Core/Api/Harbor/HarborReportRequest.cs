using System.Text.Json.Serialization;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Harbor;

/// <summary>Which report Harbor asks for.</summary>
/// <param name="Id">What the scan was begun with.</param>
/// <param name="SbomMediaType">
/// The format of a bill of materials, <c>application/spdx+json</c> or <c>application/vnd.cyclonedx+json</c>; needed for one, and for nothing else.
/// </param>
public sealed record HarborReportRequest(string Id, [property: JsonPropertyName("sbom_media_type")] string SbomMediaType)
{
    /// <summary>The type of the answer, as it is written there; the parameters of requests have none.</summary>
    [JsonIgnore]
    public string MediaType { get; init; } = HarborMediaTypes.VulnerabilityReport;

    /// <summary>Where the same is asked for again.</summary>
    [JsonIgnore]
    public string Location => $"/{Routes.HarborReport.Replace("{id}", Uri.EscapeDataString(Id), StringComparison.Ordinal)}"
        + (MediaType == HarborMediaTypes.SbomReport ? $"?sbom_media_type={Uri.EscapeDataString(SbomMediaType)}" : "");

    /// <summary>
    /// Reads a request. Throws <see cref="ApiException"/>: code 12 for a type that is not answered with, code 3 for a bill of materials in no format that
    /// there is.
    /// </summary>
    public static HarborReportRequest Read(HttpRequest request, string id)
    {
        string accept = request.Headers.Accept.ToString();
        string type = HarborMediaTypes.Chosen(request.Headers.Accept, HarborMediaTypes.VulnerabilityReport, HarborMediaTypes.SbomReport)
            ?? throw HarborErrors.NotDone(
                $"reports are {HarborMediaTypes.VulnerabilityReport} or {HarborMediaTypes.SbomReport}, not {HostileText.Quote(accept)}");
        string format = new RequestQuery(request.Query).Text("sbomMediaType");
        return type != HarborMediaTypes.SbomReport || format is HarborMediaTypes.Spdx or HarborMediaTypes.CycloneDx
            ? new HarborReportRequest(id, format) { MediaType = type }
            : throw new ApiException(
                GrpcCode.InvalidArgument,
                $"sbom_media_type is {HostileText.Quote(format)}; it must be {HarborMediaTypes.Spdx} or {HarborMediaTypes.CycloneDx}");
    }
}
