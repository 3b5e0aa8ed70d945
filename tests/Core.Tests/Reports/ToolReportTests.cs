using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Reports;

/// <summary>The formats that other programs read. SARIF is held to its rules by Microsoft's own program, in the tests of the whole app.</summary>
public sealed class ToolReportTests
{
    private static readonly ImageReport Report = ReportOf("1.27", "7.74");

    [Theory]
    [InlineData(" errors=\"0\"", "")]
    [InlineData(" tests=\"2\"", " tests=\"two\"")]
    [InlineData("<system-err />", "")]
    [InlineData("timestamp=\"2024-11-27T18:16:32\"", "timestamp=\"2024-11-27T18:16:32Z\"")]
    public void JUnitWouldNotPassItsSchemaIfItWereBroken(string right, string wrong)
    {
        string document = Text("junit", Report);
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(Schemas.JUnitErrorsOf(Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void JUnitKeepsToItsSchema()
    {
        foreach (ImageReport report in (ImageReport[])[Report, HostileImage.Report(), Decided(Report), ImageReport.Of(MadeScan.Of(), null)])
        {
            Assert.Empty(Schemas.JUnitErrorsOf(HostileImage.Written(new JUnitReport(), report)));
        }
    }

    [Fact]
    public void JUnitHasASuiteForEachKindOfPackageAndAFailureForEachFinding()
    {
        XElement[] suites = [.. XDocument.Parse(Text("junit", Report)).Root!.Elements()];

        Assert.Equal([("dpkg", "2", "2", "0"), ("npm", "1", "0", "0")], suites.Select(suite => (
            suite.Attribute("name")!.Value, suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value)));
        XElement failed = suites[0].Element("testcase")!;
        Assert.Equal(("[CRITICAL] CVE-2024-1", "curl-7.74"), (failed.Attribute("name")!.Value, failed.Attribute("classname")!.Value));
        Assert.Contains("Fixed in: 7.75\n", failed.Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Equal("No known vulnerability in 1 packages", suites[1].Element("testcase")!.Attribute("name")!.Value);
        Assert.Empty(suites[1].Element("testcase")!.Elements());
    }

    [Fact]
    public void JUnitDoesNotSayOfWhatWasLeftOutThatThereIsNothing()
    {
        foreach (ImageReport report in (ImageReport[])[Report with { Hidden = 1 }, Report with { Suppressed = 1 }])
        {
            Assert.Equal(
                "Nothing is left to show of 1 packages",
                XDocument.Parse(Text("junit", report)).Root!.Elements().Last().Element("testcase")!.Attribute("name")!.Value);
        }
    }

    [Fact]
    public void JUnitPassesNothingOverThatNobodyLookedFor()
    {
        ImageReport report = ImageReport.Of(Report.Scan with { Match = Report.Scan.Match with { CoversLanguages = false } }, null);

        Assert.NotNull(XDocument.Parse(Text("junit", report)).Root!.Elements().Last().Element("testcase")!.Element("skipped"));
    }

    [Fact]
    public void JUnitSkipsWhatWasDecided()
    {
        XElement suite = XDocument.Parse(Text("junit", Decided(Report))).Root!.Elements().First();

        Assert.Equal(("0", "2"), (suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Equal("false positive: not ours", suite.Element("testcase")!.Element("skipped")!.Attribute("message")!.Value);
    }

    [Theory]
    [InlineData("\"container_scanning\"", "\"container\"")]
    [InlineData("\"Critical\"", "\"CRITICAL\"")]
    [InlineData("\"end_time\"", "\"end\"")]
    [InlineData("\"identifiers\"", "\"ids\"")]
    [InlineData("CVSS:3.1/AV:N", "CVSS:3.1/AV:Z")]
    public void GitLabsReportWouldNotPassItsSchemaIfItWereBroken(string right, string wrong)
    {
        string document = Text("gitlab", Report);
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(Schemas.ErrorsOf(Schemas.GitLab(), Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void GitLabsReportKeepsToItsSchema()
    {
        foreach (ImageReport report in (ImageReport[])[Report, HostileImage.Report(), Decided(Report), ImageReport.Of(MadeScan.Of(), null)])
        {
            Assert.Empty(Schemas.ErrorsOf(Schemas.GitLab(), HostileImage.Written(new GitLabReport(), report)));
        }
    }

    [Fact]
    public void GitLabsReportNamesTheVulnerabilityThePackageAndTheImage()
    {
        JsonElement report = Json("gitlab", Report);
        JsonElement first = report.GetProperty("vulnerabilities")[0];
        JsonElement location = first.GetProperty("location");

        Assert.Equal(("CVE-2024-1 in curl", "Critical", "Upgrade curl from 7.74 to 7.75."), (Field(first, "name"), Field(first, "severity"), Field(first, "solution")));
        Assert.Equal(
            ["cve CVE-2024-1", "adv ADV-CVE-2024-1", "ghsa GHSA-1"],
            first.GetProperty("identifiers").EnumerateArray().Select(id => $"{Field(id, "type")} {Field(id, "value")}"));
        Assert.Equal(("docker.io/library/nginx:1.27", "debian:12"), (Field(location, "image"), Field(location, "operating_system")));
        Assert.Equal(("curl", "7.74"), (Field(location.GetProperty("dependency").GetProperty("package"), "name"), Field(location.GetProperty("dependency"), "version")));
        Assert.Distinct(report.GetProperty("vulnerabilities").EnumerateArray().Select(found => Field(found, "id")));
    }

    [Fact]
    public void SarifHasARuleForEachCveAndAResultForEachPackage()
    {
        JsonElement run = Json("sarif", Report).GetProperty("runs")[0];
        JsonElement rule = run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[0];
        JsonElement result = run.GetProperty("results")[0];

        Assert.Equal(("CVE-2024-1", "https://nvd.nist.gov/vuln/detail/CVE-2024-1"), (Field(rule, "id"), Field(rule, "helpUri")));
        Assert.Equal("9.8", Field(rule.GetProperty("properties"), "security-severity"));
        Assert.Equal(("CVE-2024-1", "error"), (Field(result, "ruleId"), Field(result, "level")));
        Assert.Equal("curl 7.74 has CVE-2024-1 (CRITICAL, CVSS 9.8). Fixed in 7.75.", Field(result.GetProperty("message"), "text"));
        Assert.Equal("library/nginx/var/lib/dpkg/status", UriOf(result));
        Assert.Equal(
            ["package pkg:deb/debian/curl@7.74?distro=debian-12", $"layer {MadeScan.DigestOf("layer")}"],
            result.GetProperty("locations")[0].GetProperty("logicalLocations").EnumerateArray().Select(place => $"{Field(place, "kind")} {Field(place, "fullyQualifiedName")}"));
        Assert.False(result.TryGetProperty("suppressions", out _));
    }

    // A snapshot can be built today from what was mirrored a year ago.
    [Fact]
    public void SarifSaysHowNewTheAdvisoriesAreAndNotTheirSnapshot()
    {
        AdvisoryOrigin advisories = Report.Scan.Match.Advisories! with { NewestRecord = new DateTimeOffset(2023, 1, 2, 3, 4, 5, TimeSpan.Zero) };
        ImageReport report = Report with { Scan = Report.Scan with { Match = Report.Scan.Match with { Advisories = advisories } } };

        Assert.Equal("2023-01-02", Field(Json("sarif", report).GetProperty("runs")[0].GetProperty("properties"), "advisories"));
    }

    [Fact]
    public void SarifKnowsAnAlertAgainAfterABuildThatMendedNothing()
    {
        string[] before = FingerprintsOf(Report);

        Assert.Equal(before, FingerprintsOf(ReportOf("1.28", "7.74.1")));
        Assert.Distinct(before);
        Assert.All(before, mark => Assert.Matches("^[0-9a-f]{16}:[0-9]+$", mark));
    }

    [Fact]
    public void SarifTellsImagesOfOneNameInTwoRegistriesAndOfTwoPlatformsApart()
    {
        ImageReport arm = Report with { Scan = Report.Scan with { Platform = new Platform("linux", "arm64", "v8") } };
        ImageReport elsewhere = Report with { Name = Report.Name! with { Registry = "localhost:5000" } };

        Assert.Equal(
            ["imagescan/docker.io/library/nginx/linux/amd64/", "imagescan/docker.io/library/nginx/linux/arm64/v8/", "imagescan/localhost%3A5000/library/nginx/linux/amd64/"],
            new[] { Report, arm, elsewhere }
                .Select(report => Field(Json("sarif", report).GetProperty("runs")[0].GetProperty("automationDetails"), "id")));
    }

    [Fact]
    public void SarifHasTheWorstFirstHoweverTheyAreOrdered() =>
        Assert.Equal(Text("sarif", Report), Text("sarif", Report with { Findings = [.. Report.Findings.Reverse()] }));

    [Fact]
    public void SarifCountsWhatHasTheSameNameInTheSamePlace()
    {
        ImageReport report = ImageReport.Of(MadeScan.Of(MadeScan.Package("kernel", "1", MadeScan.Finding("CVE-1", Severity.Low)), MadeScan.Package("kernel", "2", MadeScan.Finding("CVE-1", Severity.Low))), MadeScan.Reference());

        Assert.Equal(["1", "2"], FingerprintsOf(report).Select(mark => mark.Split(':')[1]));
    }

    [Theory]
    [InlineData(Severity.Critical, MadeScan.V3Critical, "9.8")]
    [InlineData(Severity.Low, MadeScan.V3Critical, "2.0")]
    [InlineData(Severity.Critical, MadeScan.V3Moderate, "9.5")]
    [InlineData(Severity.Important, null, "8.0")]
    [InlineData(Severity.Moderate, MadeScan.V3Moderate, "6.5")]
    [InlineData(Severity.Unknown, null, "")]
    public void SarifGivesTheScoreThatGitHubTakesForTheSeverity(Severity severity, string? vector, string score)
    {
        ImageReport report = ImageReport.Of(MadeScan.Of(MadeScan.Package("curl", "1", MadeScan.Finding("CVE-1", severity, null, vector))), MadeScan.Reference());

        JsonElement properties = Json("sarif", report).GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules")[0].GetProperty("properties");

        Assert.Equal(score, properties.TryGetProperty("security-severity", out JsonElement given) ? given.GetString() : "");
    }

    [Fact]
    public void SarifSaysOfAllResultsWhetherTheyAreSuppressedOrOfNone()
    {
        JsonElement[] results =
        [
            .. Json("sarif", Report.Decided(reported => reported.Finding.Cve == "CVE-2024-1" ? new ReportedDecision(DecisionKind.FalsePositive, "not ours", null) : null))
                .GetProperty("runs")[0].GetProperty("results").EnumerateArray(),
        ];

        Assert.Equal([1, 0], results.Select(result => result.GetProperty("suppressions").GetArrayLength()));
        Assert.Equal("false positive: not ours", Field(results[0].GetProperty("suppressions")[0], "justification"));
    }

    [Fact]
    public void SarifHasNoMoreThanGitHubTakesAndSaysSo()
    {
        Finding finding = MadeScan.Finding("CVE-1", Severity.Low);
        ImageReport report = ImageReport.Of(MadeScan.Of([.. Enumerable.Range(0, 25_003).Select(number => MadeScan.Package($"p{number}", "1", finding))]), MadeScan.Reference());

        JsonElement run = Json("sarif", report).GetProperty("runs")[0];

        Assert.Equal(25_000, run.GetProperty("results").GetArrayLength());
        Assert.StartsWith("3 of 25003 findings are left out", NotificationsOf(run)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void SarifTellsWhatCouldNotBeRead()
    {
        var report = ImageReport.Of(MadeScan.Of() with { Inventory = MadeScan.Of().Inventory with { Warnings = [new InventoryWarning("x.jar", "is encrypted")] } }, null);

        Assert.Equal(["x.jar: is encrypted"], NotificationsOf(Json("sarif", report).GetProperty("runs")[0]));
    }

    [Fact]
    public void SarifMakesNothingOfTextsThatItsReadersWouldTakeForMore()
    {
        JsonElement run = Json("sarif", HostileImage.Report()).GetProperty("runs")[0];

        Assert.All(run.GetProperty("results").EnumerateArray(), result =>
        {
            Assert.DoesNotMatch(@"[\[\]{}\\\n]", Field(result.GetProperty("message"), "text"));
            string uri = UriOf(result);
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.Relative), uri);
            Assert.DoesNotContain("..", uri.Split('/'));
            Assert.False(uri.StartsWith('/'), uri);
        });
        Assert.All(
            run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray(),
            rule => Assert.DoesNotMatch(@"(?<![\\&])[\[\]!*#`]|<(?!https?://)|(?<!<)https?:/", Field(rule.GetProperty("help"), "markdown")));
    }

    private static ImageReport ReportOf(string tag, string version) => ImageReport.Of(
        MadeScan.Of(
            MadeScan.Package("curl", version, MadeScan.Finding("CVE-2024-1", Severity.Critical, "7.75", MadeScan.V3Critical) with
            {
                Summary = "Buffer overflow",
                Link = "https://nvd.nist.gov/vuln/detail/CVE-2024-1",
                Aliases = ["GHSA-1"],
            }, MadeScan.Finding("CVE-2024-2", Severity.Low)),
            MadeScan.Package(PackageType.Npm, "lodash", "4.17.20", "app/node_modules/lodash/package.json", 0)),
        MadeScan.Reference(tag: tag));

    private static ImageReport Decided(ImageReport report) => report.Decided(_ => new ReportedDecision(DecisionKind.FalsePositive, "not ours", null));

    private static string[] FingerprintsOf(ImageReport report) =>
    [
        .. Json("sarif", report).GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Select(result => Field(result.GetProperty("partialFingerprints"), "primaryLocationLineHash")),
    ];

    private static string[] NotificationsOf(JsonElement run) =>
    [
        .. run.GetProperty("invocations")[0].GetProperty("toolExecutionNotifications").EnumerateArray()
            .Select(notice => Field(notice.GetProperty("message"), "text")),
    ];

    private static string UriOf(JsonElement result) =>
        Field(result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation"), "uri");

    private static string Field(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Text(string format, ImageReport report) => Encoding.UTF8.GetString(HostileImage.Written(ReportFormats.Find(format)!, report));

    private static JsonElement Json(string format, ImageReport report)
    {
        using JsonDocument document = JsonDocument.Parse(HostileImage.Written(ReportFormats.Find(format)!, report));
        return document.RootElement.Clone();
    }
}
