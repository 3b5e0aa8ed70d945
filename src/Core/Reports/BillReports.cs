namespace ImageScan.Core.Reports;

/// <summary>The bill of materials in CycloneDX with the vulnerabilities of its packages, and what was decided about them (VEX).</summary>
public sealed class CycloneDxReport : IReportFormat
{
    public string Name => "cyclonedx";

    // https://www.iana.org/assignments/media-types/application/vnd.cyclonedx+json
    public string MediaType => "application/vnd.cyclonedx+json";

    public string FileExtension => "json";

    public void Write(ImageReport report, Stream output) => CycloneDx.Write(report, output);
}

/// <summary>The bill of materials in SPDX with the advisories that are about its packages.</summary>
public sealed class SpdxReport : IReportFormat
{
    public string Name => "spdx";

    // https://www.iana.org/assignments/media-types/application/spdx+json
    public string MediaType => "application/spdx+json";

    public string FileExtension => "json";

    public void Write(ImageReport report, Stream output) => Spdx.Write(report, output);
}
