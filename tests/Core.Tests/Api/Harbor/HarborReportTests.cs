using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Harbor;

public sealed class HarborReportTests
{
    private const string Repository = "library/mongo";

    private static readonly ImageReference Image = MadeScan.Reference("harbor.example.com", Repository, "", MadeScan.DigestOf("manifest"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<JsonElement> WriteAsync(Scan scan, Func<WireImage, WireImage>? change = null, string? sbom = null)
    {
        WireImage answer = ImageAnswer.ToScanImage(scan, Image, Snoozed.Included, new ApiSettings());
        var body = new HarborReportBody(scan, Image, new HarborReport(scan, change?.Invoke(answer) ?? answer), ApiLevel.Release45);
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await (sbom is null ? body.WriteVulnerabilitiesAsync(writer, Token) : body.WriteSbomAsync(writer, sbom, Token));
        await writer.CompleteAsync();
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static async Task<JsonElement> ItemAsync(params Finding[] findings) =>
        (await WriteAsync(MadeScan.Of(MadeScan.Package("openssl", "1.1.1", findings)))).GetProperty("vulnerabilities")[0];

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    // The fields of the specification, whose schemas require none of them, and what Harbor reads of them
    // (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/vuln/report.go).
    [Fact]
    public async Task HasTheFieldsOfTheSpecification()
    {
        JsonElement report = await WriteAsync(MadeScan.Of(
            MadeScan.Package("openssl", "1.1.1", MadeScan.Finding("CVE-2024-1", Severity.Important, "1.1.2", MadeScan.V3Important, MadeScan.V2High) with
            {
                Summary = "It breaks.",
                Link = "https://example.com/CVE-2024-1",
            })));

        Assert.Equal("2024-11-27T18:16:32Z", Text(report, "generated_at"));
        Assert.Equal((Repository, $"{Image.Digest}"), (Text(report.GetProperty("artifact"), "repository"), Text(report.GetProperty("artifact"), "digest")));
        Assert.All(["name", "vendor", "version"], name => Assert.NotEqual("", Text(report.GetProperty("scanner"), name)));
        Assert.Equal("High", Text(report, "severity"));
        JsonElement item = Assert.Single(report.GetProperty("vulnerabilities").EnumerateArray());
        Assert.Equal(
            ["CVE-2024-1", "openssl", "1.1.1", "1.1.2", "High", "fixed", "It breaks."],
            ((string[])["id", "package", "version", "fix_version", "severity", "status", "description"]).Select(name => Text(item, name)));
        Assert.Equal(["https://example.com/CVE-2024-1"], item.GetProperty("links").EnumerateArray().Select(link => link.GetString()));
        JsonElement cvss = item.GetProperty("preferred_cvss");
        Assert.Equal((7.5, 7.5), (cvss.GetProperty("score_v3").GetDouble(), cvss.GetProperty("score_v2").GetDouble()));
        Assert.Equal((MadeScan.V3Important, MadeScan.V2High), (Text(cvss, "vector_v3"), Text(cvss, "vector_v2")));
        Assert.Equal(7.5, item.GetProperty("vendor_attributes").GetProperty("CVSS").GetProperty("other").GetProperty("V3Score").GetDouble());
    }

    [Theory]
    [InlineData(Severity.Unknown, "Unknown")]
    [InlineData(Severity.Low, "Low")]
    [InlineData(Severity.Moderate, "Medium")]
    [InlineData(Severity.Important, "High")]
    [InlineData(Severity.Critical, "Critical")]
    public async Task SaysSeveritiesInHarborsWords(Severity severity, string word)
    {
        JsonElement report = await WriteAsync(MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", severity))));

        Assert.Equal((word, word), (Text(report, "severity"), Text(report.GetProperty("vulnerabilities")[0], "severity")));
    }

    [Fact]
    public async Task IsAsBadAsItsWorst() => Assert.Equal("Critical", Text(
        await WriteAsync(MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low), MadeScan.Finding("CVE-2", Severity.Critical)),
            MadeScan.Package("b", "1", MadeScan.Finding("CVE-3", Severity.Unknown)))),
        "severity"));

    // "See https://github.com/goharbor/harbor/issues/11131": a list that is null breaks its page.
    [Fact]
    public async Task IsNoneWithAnEmptyListWhereThereIsNothing()
    {
        JsonElement report = await WriteAsync(MadeScan.Of(MadeScan.Package("a")));

        Assert.Equal(("None", "[]"), (Text(report, "severity"), report.GetProperty("vulnerabilities").GetRawText()));
    }

    [Theory]
    [InlineData(AdvisoryStatus.Affected, null, "affected")]
    [InlineData(AdvisoryStatus.Affected, "2", "fixed")]
    [InlineData(AdvisoryStatus.WillNotFix, null, "will_not_fix")]
    [InlineData(AdvisoryStatus.FixDeferred, null, "fix_deferred")]
    [InlineData(AdvisoryStatus.EndOfLife, null, "end_of_life")]
    public async Task SaysWhetherItIsMended(AdvisoryStatus status, string? fix, string word) =>
        Assert.Equal(word, Text(await ItemAsync(MadeScan.Finding("CVE-1", Severity.Low, fix) with { Status = status }), "status"));

    // Harbor would show a score of 0 for one that nobody has given.
    [Fact]
    public async Task SendsAttributesOnlyBesideAScore()
    {
        JsonElement item = await ItemAsync(MadeScan.Finding("CVE-1", Severity.Low, v2: MadeScan.V2High));

        Assert.False(item.TryGetProperty("vendor_attributes", out _));
        Assert.False(item.GetProperty("preferred_cvss").TryGetProperty("score_v3", out _));
    }

    [Fact]
    public async Task LeavesOutWhatIsDecidedNotToBeShownAndCountsIt()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical), MadeScan.Finding("CVE-2", Severity.Low)));
        static WireVulnerability Deferred(WireVulnerability found) => found.Cve == "CVE-1" ? found with { State = VulnerabilityState.Deferred } : found;

        JsonElement report = await WriteAsync(scan, answer => answer with
        {
            Scan = answer.Scan! with
            {
                Components = [.. answer.Scan.Components.Select(component => component with { Vulns = [.. component.Vulns.Select(Deferred)] })],
            },
        });

        Assert.Equal(["CVE-2"], report.GetProperty("vulnerabilities").EnumerateArray().Select(item => Text(item, "id")));
        Assert.Equal(("Low", 1), (Text(report, "severity"), report.GetProperty("vendor_attributes").GetProperty("suppressed").GetInt32()));
    }

    [Fact]
    public async Task SaysWhatCouldNotBeRead()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a"));
        scan = scan with
        {
            Inventory = scan.Inventory with { Distribution = null, Warnings = [new InventoryWarning("opt/a.jar", "it is \u001b[31mencrypted")] },
            Match = scan.Match with { CoversDistribution = false },
        };

        JsonElement limits = (await WriteAsync(scan)).GetProperty("vendor_attributes");

        Assert.Equal(
            ["OS_UNAVAILABLE", "PARTIAL_SCAN_DATA", "OS_CVES_UNAVAILABLE"], limits.GetProperty("notes").EnumerateArray().Select(note => note.GetString()));
        Assert.Equal(["opt/a.jar: it is ?[31mencrypted"], limits.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
        Assert.StartsWith("advisories up to 2024-11-27", Text(limits, "advisories"), StringComparison.Ordinal);
    }

    // One row that PostgreSQL refuses would lose Harbor the report.
    [Fact]
    public async Task GivesHarborNoRowThatItsDatabaseRefuses()
    {
        string longName = new('n', 5_000);
        Finding finding = MadeScan.Finding("CVE-1", Severity.Low, v3: MadeScan.V3Moderate) with { Summary = "a\0b", Link = "https://example.com/a|b\0" };
        PackageFindings package = MadeScan.Package(PackageType.Dpkg, longName, "1\0" + longName, "var/\0/status", layer: 0, finding);

        JsonElement report = await WriteAsync(MadeScan.Of(package));

        JsonElement item = report.GetProperty("vulnerabilities")[0];
        Assert.DoesNotContain("\\u0000", report.GetRawText(), StringComparison.Ordinal);
        Assert.InRange(Text(item, "package").Length + Text(item, "version").Length, 900, 1_100);
        Assert.Equal("https://example.com/a%7Cb\uFFFD", item.GetProperty("links")[0].GetString());
    }

    [Theory]
    [InlineData(HarborMediaTypes.Spdx, "spdxVersion", "SPDX-2.3")]
    [InlineData(HarborMediaTypes.CycloneDx, "specVersion", "1.6")]
    public async Task HasTheBillOfMaterialsThatIsAskedFor(string format, string field, string version)
    {
        JsonElement report = await WriteAsync(MadeScan.Of(MadeScan.Package("openssl", "1.1.1")), sbom: format);

        Assert.Equal((format, version), (Text(report, "media_type"), Text(report.GetProperty("sbom"), field)));
        Assert.Contains("openssl", report.GetProperty("sbom").GetRawText(), StringComparison.Ordinal);
        Assert.Empty(DescribedApi.Of(ApiLevel.Release45).ErrorsOf(
            "GET", "/harbor/api/v1/scan/x/report", 200, "application/vnd.security.sbom.report+json", report.GetRawText()));
    }

    // Harbor waits five seconds; what a slow reader leaves behind must not be the whole text.
    [Fact]
    public async Task OfTenThousandVulnerabilitiesIsWrittenInParts()
    {
        static Finding FindingOf(int package, int number) => MadeScan.Finding($"CVE-2024-{package:000}{number:000}", Severity.Low, "2", MadeScan.V3Moderate) with
        {
            Summary = new string('x', 500),
        };
        Scan scan = MadeScan.Of(
            [.. Enumerable.Range(0, 100).Select(i => MadeScan.Package($"package-{i}", "1", [.. Enumerable.Range(0, 100).Select(j => FindingOf(i, j))]))]);
        WireImage answer = ImageAnswer.ToScanImage(scan, Image, Snoozed.Included, new ApiSettings());
        var stream = new CountingStream();
        var writer = PipeWriter.Create(stream);
        long began = Stopwatch.GetTimestamp();

        await new HarborReportBody(scan, Image, new HarborReport(scan, answer), ApiLevel.Release45).WriteVulnerabilitiesAsync(writer, Token);
        await writer.CompleteAsync();

        double elapsed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{stream.Written:N0} bytes, at most {stream.SinceFlush:N0} between flushes, in {elapsed:0} ms");
        Assert.InRange(stream.Written, 8_000_000, 20_000_000);
        Assert.InRange(stream.SinceFlush, 1, 100_000);
    }

    [Fact]
    public async Task IsAsItIsDescribed()
    {
        Scan scan = MadeScan.Of(MadeScan.Package(
            "a",
            "1",
            MadeScan.Finding("CVE-1", Severity.Critical, "2", MadeScan.V3Critical, MadeScan.V2High) with { Epss = new EpssScore(0.5f, 0.9f) },
            MadeScan.Finding("CVE-2", Severity.Low)));

        JsonElement report = await WriteAsync(scan);

        Assert.Empty(DescribedApi.Of(ApiLevel.Release45).ErrorsOf(
            "GET", "/harbor/api/v1/scan/x/report", 200, "application/vnd.security.vulnerability.report", report.GetRawText()));
    }

    /// <summary>Counts what is written to it.</summary>
    private sealed class CountingStream : MemoryStream
    {
        private long _flushed;

        public long Written { get; private set; }

        /// <summary>The most that came between two flushes.</summary>
        public long SinceFlush { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            SinceFlush = Math.Max(SinceFlush, Written - _flushed);
            _flushed = Written;
            return Task.CompletedTask;
        }
    }
}
