using ImageScan.Core.Api.Harbor;
using Microsoft.Extensions.Primitives;

namespace ImageScan.Core.Tests.Api.Harbor;

public sealed class HarborMediaTypesTests
{
    private const string Vulnerabilities = "application/vnd.security.vulnerability.report; version=1.1";
    private const string Sbom = "application/vnd.security.sbom.report+json; version=1.0";

    [Theory]
    [InlineData(null, Vulnerabilities)]
    [InlineData("", Vulnerabilities)]
    [InlineData("*/*", Vulnerabilities)]
    [InlineData("application/*", Vulnerabilities)]
    [InlineData(Vulnerabilities, Vulnerabilities)]
    [InlineData("application/vnd.security.vulnerability.report", Vulnerabilities)]
    [InlineData("application/vnd.security.vulnerability.report;version=\"1.1\"", Vulnerabilities)]
    [InlineData(Sbom, Sbom)]
    [InlineData("Application/Vnd.Security.Sbom.Report+Json;Version=1.0", Sbom)]
    [InlineData("application/vnd.security.vulnerability.report;version=1.1;q=0.1, application/vnd.security.sbom.report+json", Sbom)]
    [InlineData("application/vnd.security.sbom.report+json;q=0, */*", Vulnerabilities)]
    [InlineData("text/html, */*;q=0.1", Vulnerabilities)]
    [InlineData("application/vnd.security.vulnerability.report; version=2.0", null)]
    [InlineData("application/vnd.scanner.adapter.vuln.report.raw", null)]
    [InlineData("text/*", null)]
    [InlineData("application/json", null)]
    [InlineData("*/*;q=0", null)]
    [InlineData(";;;", null)]
    public void AreChosenByWhatTheCallerTakes(string? accept, string? chosen) =>
        Assert.Equal(chosen, HarborMediaTypes.Chosen(new StringValues(accept), Vulnerabilities, Sbom));

    // Texts that Harbor compares (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/rest/v1/spec.go).
    [Fact]
    public void AreWrittenAsHarborWritesThem() => Assert.Equal(
        [
            Vulnerabilities, Sbom,
            "application/vnd.scanner.adapter.metadata+json; version=1.0", "application/vnd.scanner.adapter.scan.response+json; version=1.0",
        ],
        [HarborMediaTypes.VulnerabilityReport, HarborMediaTypes.SbomReport, HarborMediaTypes.OlderMetadata, HarborMediaTypes.ScanResponse]);
}
