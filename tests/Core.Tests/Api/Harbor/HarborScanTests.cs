using System.Text;
using CsCheck;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Harbor;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Harbor;

/// <summary>What Harbor may ask for. Its requests are those of https://github.com/goharbor/harbor/blob/main/src/pkg/scan/rest/v1/models.go.</summary>
public sealed class HarborScanTests
{
    private const string Digest = "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b";

    private static string Body(
        string url = "https://harbor.example.com",
        string authorization = "Basic cm9ib3Q6c2VjcmV0",
        string repository = "library/mongo",
        string digest = Digest,
        string more = "") =>
        $$"""
        {"registry":{"url":"{{url}}","authorization":"{{authorization}}","insecure":false},
         "artifact":{"repository":"{{repository}}","tag":"3.14-xenial","digest":"{{digest}}","size":1234,
                     "mime_type":"application/vnd.docker.distribution.manifest.v2+json"}{{more}}}
        """;

    private static async Task<HarborScan> ReadAsync(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return HarborScan.Of(await HarborScanRequest.ReadAsync(context.Request, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("https://harbor.example.com", "harbor.example.com")]
    [InlineData("https://harbor.example.com/", "harbor.example.com")]
    [InlineData("https://harbor.example.com:443", "harbor.example.com")]
    [InlineData("https://Harbor.Example.com:8443", "harbor.example.com:8443")]
    [InlineData("http://127.0.0.1:5000", "127.0.0.1:5000")]
    [InlineData("http://core:8080", "core:8080")]
    [InlineData("http://core", "core:80")]
    [InlineData("https://core", "core:443")]
    [InlineData("https://[fd00::1]:8443", "[fd00::1]:8443")]
    public async Task TakesTheHostOfTheRegistry(string url, string host)
    {
        HarborScan scan = await ReadAsync(Body(url));

        Assert.Equal($"{host}/library/mongo@{Digest}", scan.Image.FullName);
        Assert.Equal((host, "library/mongo", ""), (scan.Image.Registry, scan.Image.Remote, scan.Image.Tag));
        Assert.NotNull(scan.Login);
    }

    [Fact]
    public async Task NeedsNoLogin() => Assert.Null((await ReadAsync(Body(authorization: ""))).Login);

    [Theory]
    [InlineData("ftp://harbor.example.com")]
    [InlineData("harbor.example.com")]
    [InlineData("")]
    [InlineData("https://harbor.example.com/v2")]
    [InlineData("https://harbor.example.com/?x=1")]
    [InlineData("https://harbor.example.com/#x")]
    [InlineData("https://user:hidden@harbor.example.com")]
    [InlineData("https://user@harbor.example.com")]
    [InlineData("https:///library")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://har bor")]
    [InlineData("https://harbor_x.example.com")]
    public async Task RefusesARegistryThatIsNoPlainAddress(string url)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Body(url)));

        Assert.Equal(422, HarborErrors.StatusOf(refused.Code));
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", Digest)]
    [InlineData("Library/Mongo", Digest)]
    [InlineData("library/mongo:tag", Digest)]
    [InlineData("library/mongo@sha256:0", Digest)]
    [InlineData("../../etc", Digest)]
    [InlineData("library/mongo", "")]
    [InlineData("library/mongo", "sha256:12")]
    [InlineData("library/mongo", "latest")]
    public async Task RefusesAnArtifactThatIsNoName(string repository, string digest) =>
        Assert.Equal(GrpcCode.FailedPrecondition, (await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Body(repository: repository, digest: digest)))).Code);

    [Theory]
    [InlineData("Negotiate c2VjcmV0")]
    [InlineData("Basic c2VjcmV0")]
    [InlineData("secret")]
    public async Task RefusesALoginThatIsNoneWithoutRepeatingIt(string authorization)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Body(authorization: authorization)));

        Assert.Equal(GrpcCode.FailedPrecondition, refused.Code);
        Assert.DoesNotContain("c2VjcmV0", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    // The last is what Harbor 2.12 sends for a bill of materials.
    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[{"type":"vulnerability"}]""")]
    [InlineData("""[{"type":""}]""")]
    [InlineData("""[{"type":"vulnerability","produces_mime_types":["application/vnd.security.vulnerability.report; version=1.1"],"parameters":null}]""")]
    [InlineData("""[{"type":"sbom","produces_mime_types":["application/vnd.security.sbom.report+json; version=1.0"],"parameters":{"sbom_media_types":["application/spdx+json"]}}]""")]
    public async Task GivesTheReportsThatThereAre(string capabilities) =>
        Assert.NotNull(await ReadAsync(Body(more: $",\"enabled_capabilities\":{capabilities}")));

    [Theory]
    [InlineData("""[{"type":"malware"}]""", 422)]
    [InlineData("""[{"type":"sbom","parameters":{"sbom_media_types":["text/plain"]}}]""", 422)]
    [InlineData("""[{"type":"vulnerability","produces_mime_types":["application/vnd.scanner.adapter.vuln.report.raw"]}]""", 501)]
    [InlineData("""[{"type":"sbom","produces_mime_types":["application/vnd.security.vulnerability.report; version=1.1"]}]""", 501)]
    public async Task RefusesReportsThatThereAreNot(string capabilities, int status) => Assert.Equal(
        status,
        HarborErrors.StatusOf((await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Body(more: $",\"enabled_capabilities\":{capabilities}")))).Code));

    [Fact]
    public async Task RefusesWhatIsNoImage()
    {
        string chart = Body().Replace("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.cncf.helm.chart.v1", StringComparison.Ordinal);

        Assert.Equal(GrpcCode.Unimplemented, (await Assert.ThrowsAsync<ApiException>(() => ReadAsync(chart))).Code);
    }

    [Theory]
    [InlineData("""{"registry":1}""")]
    [InlineData("""{"registry":{"url":1}}""")]
    [InlineData("""{"registry":{"authorization":["Basic c2VjcmV0"]}}""")]
    [InlineData("""{"artifact":[]}""")]
    [InlineData("""{"enabled_capabilities":{}}""")]
    [InlineData("""{"enabled_capabilities":[[]]}""")]
    [InlineData("""[]""")]
    [InlineData("""{"registry":""")]
    public async Task RefusesJsonOfAnotherKind(string body)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(body));

        Assert.Equal(400, HarborErrors.StatusOf(refused.Code));
        Assert.DoesNotContain("c2VjcmV0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AlwaysAnswersWhateverIsSent()
    {
        string[] known = ["https://h.example.com", "", Digest, "Basic YTpi", "library/x", "sbom"];
        Gen<string> text = Gen.OneOf(Gen.String, Gen.Int[0, known.Length - 1].Select(i => known[i]));
        Gen.Select(text, text, text, text, text).Sample((url, authorization, repository, digest, type) =>
        {
            var request = new HarborScanRequest(
                new HarborRegistry(url, authorization),
                new HarborArtifact(repository, digest, ""),
                [new HarborCapability(type, [], new HarborCapabilityParameters([]))]);
            try
            {
                HarborScan.Of(request);
            }
            catch (ApiException)
            {
                // A word.
            }
        });
    }

    [Fact]
    public void PrintsNoLogin() => Assert.DoesNotContain(
        "c2VjcmV0", $"{new HarborScanRequest(new HarborRegistry("https://h", "Basic c2VjcmV0"), new HarborArtifact("", "", ""), [])}", StringComparison.Ordinal);
}
