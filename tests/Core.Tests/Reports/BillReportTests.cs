using System.Text;
using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Reports;

public sealed class BillReportTests
{
    private static readonly PackageFindings Lodash = MadeScan.Package(
        PackageType.Npm, "lodash", "4.17.20", "app/package.json", 0,
        MadeScan.Finding("CVE-2026-1", Severity.Important, "4.17.21", MadeScan.V3Important, MadeScan.V2High) with
        {
            Aliases = ["CVE-2026-1", "GHSA-1"],
            AdvisoryId = "GHSA-1",
            AdvisoryLink = "https://github.com/advisories/GHSA-1",
            Link = "https://nvd.nist.gov/vuln/detail/CVE-2026-1",
            Summary = "It is bad.",
            ScoreSource = ScoreSource.Advisory,
            NvdCvssV3 = CvssV3.TryParse(MadeScan.V3Critical, out CvssV3? nvd) ? nvd : null,
            Epss = new EpssScore(0.5f, 0.9f),
            Exploit = new KnownExploit(new DateOnly(2026, 1, 2), new DateOnly(2026, 2, 3)),
            PublishedOn = MadeScan.ScannedAt,
            Ecosystem = "npm",
        });

    private static readonly PackageFindings Twice = MadeScan.Package("curl", "1", MadeScan.Finding("CVE-2026-2", Severity.Unknown));
    private static readonly PackageFindings Other = MadeScan.Package("libcurl", "1", MadeScan.Finding("CVE-2026-2", Severity.Unknown));
    private static readonly ImageReport Report = ImageReport.Of(MadeScan.Of(Lodash, Twice, Other), MadeScan.Reference());

    [Fact]
    public void KeepToTheirSchemas()
    {
        foreach (ImageReport report in Reports())
        {
            Assert.Empty(Schemas.ErrorsOf(Schemas.CycloneDx(), HostileImage.Written(new CycloneDxReport(), report)));
            Assert.Empty(Schemas.ErrorsOf(Schemas.Spdx(), HostileImage.Written(new SpdxReport(), report)));
        }
    }

    [Theory]
    [InlineData("\"CVSSv31\"", "\"CVSS\"")]
    [InlineData("\"false_positive\"", "\"false\"")]
    [InlineData("\"will_not_fix\"", "\"never\"")]
    [InlineData("\"affects\"", "\"affected\"")]
    [InlineData("\"affected\"", "\"bad\"")]
    public void WouldNotPassTheSchemaIfTheyWereBroken(string right, string wrong)
    {
        string document = Encoding.UTF8.GetString(HostileImage.Written(new CycloneDxReport(), Decided(DecisionKind.FalsePositive, DecisionKind.Deferred)));
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(Schemas.ErrorsOf(Schemas.CycloneDx(), Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void SayOfAVulnerabilityWhatIsKnown()
    {
        JsonElement bill = Read(Report);

        string reference = bill.GetProperty("components").EnumerateArray().Single(component => component.GetProperty("name").GetString() == "lodash")
            .GetProperty("bom-ref").GetString()!;
        Assert.Equal(
            $$$"""
            {"id":"CVE-2026-1","source":{"name":"CVE","url":"https://nvd.nist.gov/vuln/detail/CVE-2026-1"},
            "references":[{"id":"GHSA-1","source":{"name":"GHSA"}}],
            "ratings":[{"source":{"name":"imagescan"},"severity":"high","method":"other"},
            {"source":{"name":"npm"},"score":7.5,"severity":"high","method":"CVSSv31","vector":"{{{MadeScan.V3Important}}}"},
            {"source":{"name":"npm"},"score":7.5,"severity":"high","method":"CVSSv2","vector":"{{{MadeScan.V2High}}}"},
            {"source":{"name":"NVD"},"score":9.8,"severity":"critical","method":"CVSSv31","vector":"{{{MadeScan.V3Critical}}}"}],
            "description":"It is bad.","recommendation":"Update to 4.17.21.",
            "advisories":[{"title":"GHSA-1","url":"https://github.com/advisories/GHSA-1"}],
            "published":"2024-11-27T18:16:32Z",
            "affects":[{"ref":"{{{reference}}}","versions":[{"version":"4.17.20","status":"affected"}]}],
            "properties":[{"name":"imagescan:advisory","value":"GHSA-1"},{"name":"imagescan:status","value":"fixed"},
            {"name":"imagescan:fixed-by","value":"4.17.21"},{"name":"imagescan:epss:probability","value":"0.5"},
            {"name":"imagescan:epss:percentile","value":"0.9"},{"name":"imagescan:kev","value":"true"},
            {"name":"imagescan:kev:added","value":"2026-01-02"},{"name":"imagescan:kev:due","value":"2026-02-03"}]}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(bill.GetProperty("vulnerabilities")[0]));
    }

    [Fact]
    public void SayOnceWhatIsTheSameForSeveralPackages()
    {
        JsonElement[] vulnerabilities = [.. Read(Report).GetProperty("vulnerabilities").EnumerateArray()];

        Assert.Equal(2, vulnerabilities.Length);
        Assert.Equal(2, vulnerabilities[1].GetProperty("affects").GetArrayLength());
    }

    [Theory]
    [InlineData(DecisionKind.FalsePositive, """{"state":"false_positive","detail":"Because."}""", "unaffected")]
    [InlineData(DecisionKind.NotAffected, """{"state":"not_affected","justification":"code_not_reachable","detail":"Because."}""", "unaffected")]
    [InlineData(DecisionKind.Fixed, """{"state":"resolved","detail":"Because."}""", "unaffected")]
    [InlineData(DecisionKind.Deferred, """{"state":"exploitable","response":["will_not_fix"],"detail":"Because."}""", "affected")]
    public void SayWhatWasDecided(DecisionKind kind, string analysis, string status)
    {
        JsonElement vulnerability = Read(Decided(kind, kind)).GetProperty("vulnerabilities")[0];

        Assert.Equal(analysis, JsonSerializer.Serialize(vulnerability.GetProperty("analysis")));
        Assert.Equal(status, vulnerability.GetProperty("affects")[0].GetProperty("versions")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void SayOfADeferralWhenItEnds()
    {
        ImageReport report = Report.Decided(_ => new ReportedDecision(DecisionKind.Deferred, "Later.", MadeScan.ScannedAt));

        JsonElement[] vulnerabilities = [.. Read(report).GetProperty("vulnerabilities").EnumerateArray()];

        Assert.Equal(
            """{"state":"exploitable","response":["update"],"detail":"Deferred until 2024-11-27T18:16:32Z. Later."}""",
            JsonSerializer.Serialize(vulnerabilities[0].GetProperty("analysis")));
        Assert.False(vulnerabilities[1].GetProperty("analysis").TryGetProperty("response", out _));
    }

    [Fact]
    public void TakeAListOfTheCallersForNoAnalysis() =>
        Assert.False(Read(Decided(DecisionKind.Ignored, DecisionKind.Ignored)).GetProperty("vulnerabilities")[0].TryGetProperty("analysis", out _));

    [Fact]
    public void AreOthersWithOtherFindingsAndTheSameWithTheSame()
    {
        string[] serials =
        [
            .. new[] { Report, Report with { Findings = [] }, Decided(DecisionKind.Fixed, null), Report }.Select(report => Read(report).GetProperty("serialNumber").GetString()!),
            ReportedScans.Read(Report.Scan, CycloneDx.Write).GetProperty("serialNumber").GetString()!,
        ];

        Assert.Equal(serials[0], serials[3]);
        Assert.Equal(4, serials.Distinct().Count());
    }

    [Fact]
    public void AreOthersWhereAnythingInThemIs()
    {
        ImageReport[] reports =
        [
            Report,
            Report with { Hidden = 1 },
            Report with { Suppressed = 1 },
            Report with { Scan = Report.Scan with { Match = Report.Scan.Match with { CoversDistribution = false } } },
            Report.Decided(_ => new ReportedDecision(DecisionKind.Deferred, "", null)),
            Report.Decided(_ => new ReportedDecision(DecisionKind.Deferred, "", MadeScan.ScannedAt)),
            WithFirst(finding => finding with { Epss = new EpssScore(0.6f, 0.9f) }),
            WithFirst(finding => finding with { Exploit = null }),
        ];

        Assert.Distinct(reports.Select(report => Read(report).GetProperty("serialNumber").GetString()));

        static ImageReport WithFirst(Func<Finding, Finding> change) => Report with
        {
            Findings = [.. Report.Findings.Index().Select(each => each.Index == 0 ? each.Item with { Finding = change(each.Item.Finding) } : each.Item)],
        };
    }

    [Fact]
    public void ReferToAdvisoriesInSpdx()
    {
        JsonElement package = ReadSpdx(Report).GetProperty("packages").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "lodash");
        JsonElement[] references = [.. package.GetProperty("externalRefs").EnumerateArray()];

        Assert.Equal(
            $$"""
            {"referenceCategory":"SECURITY","referenceType":"advisory","referenceLocator":"https://github.com/advisories/GHSA-1",
            "comment":"CVE-2026-1; GHSA-1; severity=Important; {{MadeScan.V3Important}}; fixed-by=4.17.21; known-exploited"}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(references[1]));
        Assert.Equal("purl", references[0].GetProperty("referenceType").GetString());
    }

    [Fact]
    public void LetNothingOfAnImageReachATerminalOrALinkLeadAway()
    {
        foreach (IReportFormat format in new IReportFormat[] { new CycloneDxReport(), new SpdxReport() })
        {
            byte[] written = HostileImage.Written(format);
            ReportedScans.AssertHarmless(written);
            Assert.DoesNotMatch($"\"(url|referenceLocator)\": \"[^\"]*{HostileImage.RefusedHost}", Encoding.UTF8.GetString(written));
        }
    }

    private static IEnumerable<ImageReport> Reports() =>
    [
        Report, HostileImage.Report(), Report with { Findings = [], Hidden = 3, Suppressed = 1 }, Decided(DecisionKind.NotAffected, DecisionKind.Deferred),
    ];

    private static ImageReport Decided(DecisionKind lodash, DecisionKind? others) => Report.Decided(found =>
        (found.Package.Name == "lodash" ? lodash : others) is { } kind
            ? new ReportedDecision(kind, "Because.", null) { Justification = "vulnerable_code_not_in_execute_path" }
            : null);

    private static JsonElement Read(ImageReport report) => Parsed(new CycloneDxReport(), report);

    private static JsonElement ReadSpdx(ImageReport report) => Parsed(new SpdxReport(), report);

    private static JsonElement Parsed(IReportFormat format, ImageReport report)
    {
        using JsonDocument document = JsonDocument.Parse(HostileImage.Written(format, report));
        return document.RootElement.Clone();
    }
}
