using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vex;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vex;

public sealed class VexStatementsTests
{
    private const string Cve = "CVE-2026-1";
    private static readonly PackageFindings Lodash = MadeScan.Package(
        PackageType.Npm, "lodash", "4.17.20", "app/package.json", 0, MadeScan.Finding(Cve, Severity.Critical) with { Aliases = ["GHSA-1"] });
    private static readonly PackageFindings Curl = MadeScan.Package("curl", "7.88.1-10", MadeScan.Finding(Cve, Severity.Low));
    private static readonly Scan Image = MadeScan.Of(Lodash, Curl);
    private static readonly string Digest = MadeScan.DigestOf("manifest").ToString();

    [Theory]
    [InlineData("pkg:oci/nginx@DIGEST")]
    [InlineData("pkg:oci/nginx@DIGEST?arch=amd64&repository_url=docker.io/library/nginx")]
    [InlineData("pkg:oci/nginx@DIGEST?repository_url=index.docker.io%2Flibrary%2Fnginx")]
    [InlineData("pkg:oci/nginx@DIGEST?repository_url=https://docker.io/library/nginx&tag=1.27")]
    [InlineData("pkg:oci/nginx")]
    [InlineData("pkg:oci/nginx?repository_url=docker.io/library/nginx")]
    [InlineData("pkg:docker/nginx@1.27")]
    [InlineData("pkg:docker/library/nginx@DIGEST")]
    public void MeanAnImageByWhatItIsCalled(string product) =>
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy(Statement(product)));

    [Theory]
    [InlineData("pkg:oci/nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("pkg:oci/nginx@1.27")]
    [InlineData("pkg:oci/nginx?repository_url=ghcr.io/library/nginx")]
    [InlineData("pkg:oci/nginx?tag=1.26")]
    [InlineData("pkg:oci/nginx@DIGEST?arch=arm64")]
    [InlineData("pkg:oci/nginx@DIGEST?variant=x")]
    [InlineData("pkg:oci/other@DIGEST")]
    [InlineData("pkg:docker/other/nginx@1.27")]
    [InlineData("pkg:docker/nginx@1.26")]
    [InlineData("pkg:docker/nginx@1.27?repository_url=ghcr.io")]
    [InlineData("pkg:generic/nginx")]
    [InlineData("https://docker.io/library/nginx")]
    public void MeanNoOtherImage(string product) =>
        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy(Statement(product)));

    [Fact]
    public void MeanAnImageByTheHashOfItsManifestOrIndex()
    {
        string hashes = $$$"""{"@id":"https://example.com/x","hashes":{"sha-256":"{{{MadeScan.DigestOf("manifest").Hex}}}"}}""";
        Scan ofIndex = Image with { Manifest = Image.Manifest with { Digest = MadeScan.DigestOf("other"), Index = MadeScan.DigestOf("manifest") } };

        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy(StatementOf(hashes)));
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy(StatementOf(hashes), ofIndex));
        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy(StatementOf(hashes), Image with { Manifest = Image.Manifest with { Digest = MadeScan.DigestOf("other") } }));
    }

    [Fact]
    public void MeanTheNameByWhichAnImageIsAskedForUnlessTheyHaveADigest()
    {
        Scan known = Image with { Names = [MadeScan.Reference("ghcr.io", "a/nginx", "1"), MadeScan.Reference("quay.io", "b/nginx", "2")] };
        string other = "pkg:oci/nginx?repository_url=quay.io/b/nginx";

        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy(Statement(other), known, known.Names[0]));
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy(Statement(other), known, known.Names[1]));
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy(Statement(other.Replace("?", $"@{Digest}?", StringComparison.Ordinal)), known, known.Names[0]));
    }

    [Theory]
    [InlineData("pkg:npm/lodash@4.17.20", true, false)]
    [InlineData("pkg:npm/lodash", true, false)]
    [InlineData("pkg:deb/debian/curl@7.88.1-10", false, true)]
    [InlineData("pkg:npm/lodash@4.17.21", false, false)]
    [InlineData("https://example.com/lodash", false, false)]
    public void OfOnePartHideNothingOfAnother(string subcomponent, bool lodash, bool curl)
    {
        string product = $$"""{"@id":"pkg:oci/nginx","subcomponents":[{"@id":"{{subcomponent}}"}]}""";

        Assert.Equal([(Lodash, lodash), (Curl, curl)], ClearedBy(StatementOf(product)));
        Assert.Equal([(Lodash, lodash), (Curl, curl)], ClearedBy(Statement(subcomponent)));
    }

    [Fact]
    public void OfAPartOfAPackageHideNothing()
    {
        string product = """{"@id":"pkg:deb/debian/curl","subcomponents":[{"@id":"pkg:npm/lodash"}]}""";

        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy(StatementOf(product)));
    }

    [Fact]
    public void OfAnAliasMeanTheSame() =>
        Assert.Equal([(Lodash, true), (Curl, false)], ClearedBy(Statement("pkg:oci/nginx").Replace(Cve, "ghsa-1", StringComparison.Ordinal)));

    [Theory]
    [InlineData("not_affected", true)]
    [InlineData("fixed", true)]
    [InlineData("affected", false)]
    [InlineData("under_investigation", false)]
    public void ClearWhatDoesNotApplyOrIsMended(string status, bool cleared) =>
        Assert.Equal([(Lodash, cleared), (Curl, cleared)], ClearedBy(Statement("pkg:oci/nginx", status)));

    [Fact]
    public void AreTakenBackByLaterOnesInWhicheverOrderTheyAreRead()
    {
        VexDocument earlier = VexReaderTests.Read(Statement("pkg:oci/nginx", "not_affected", day: 1));
        VexDocument later = VexReaderTests.Read(Statement("pkg:npm/lodash", "affected", day: 2));
        VexDocument same = VexReaderTests.Read(Statement("pkg:npm/lodash", "affected", day: 1));

        Assert.Equal([(Lodash, false), (Curl, true)], ClearedBy([earlier, later]));
        Assert.Equal([(Lodash, false), (Curl, true)], ClearedBy([later, earlier]));
        Assert.Equal([(Lodash, false), (Curl, true)], ClearedBy([earlier, same]));
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy([same, earlier]));
    }

    [Fact]
    public void OfABillMeanThePartInItsSubject()
    {
        Assert.Equal([(Lodash, true), (Curl, false)], ClearedBy([VexReaderTests.Read(VexReaderTests.CycloneDx.Replace("CVE-2026-2", "x", StringComparison.Ordinal))]));
        Assert.Equal(
            [(Lodash, false), (Curl, false)],
            ClearedBy([VexReaderTests.Read(VexReaderTests.CycloneDx.Replace("pkg:oci/nginx", "pkg:oci/other", StringComparison.Ordinal))]));
    }

    [Theory]
    [InlineData("#lib", true, false)]
    [InlineData("#image", true, true)]
    [InlineData("", true, true)]
    [InlineData("#other", false, false)]
    public void AreLookedUpInTheBillThatTheyLinkTo(string reference, bool lodash, bool curl)
    {
        string link = $"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2{reference}";
        VexDocument vex = VexReaderTests.Read(Linked(link));
        VexDocument bill = VexReaderTests.Read(VexReaderTests.CycloneDx.Replace("CVE-2026-1", "x", StringComparison.Ordinal).Replace("GHSA-1", "y", StringComparison.Ordinal));

        Assert.Equal([(Lodash, lodash), (Curl, curl)], ClearedBy([vex, bill]));
        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy([vex]));
        Assert.Equal(1, new VexStatements([vex]).Unresolved);
        Assert.Equal([(Lodash, false), (Curl, false)], ClearedBy([VexReaderTests.Read(Linked(link.Replace("/2", "/1", StringComparison.Ordinal))), bill]));
    }

    [Fact]
    public void KnowAnImageByTheDigestInALink()
    {
        Assert.Equal([(Lodash, true), (Curl, true)], ClearedBy([VexReaderTests.Read(Linked($"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#{Digest}"))]));
        Assert.Equal(
            [(Lodash, false), (Curl, false)], ClearedBy([VexReaderTests.Read(Linked("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/lodash@4.17.20"))]));
    }

    [Theory]
    [InlineData("{\"version\":\"4.17.20\",\"status\":\"unaffected\"}", true)]
    [InlineData("{\"version\":\"4.17.20\"}", false)]
    [InlineData("{\"version\":\"4.17.19\",\"status\":\"unaffected\"}", false)]
    [InlineData("{\"range\":\"vers:npm/*\",\"status\":\"unaffected\"}", false)]
    public void OfVersionsMeanTheseAlone(string version, bool cleared)
    {
        string document = VexReaderTests.CycloneDx.ReplaceLineEndings("")
            .Replace("\"affects\":[{\"ref\":\"lib\"}]},{", $"\"affects\":[{{\"ref\":\"lib\",\"versions\":[{version}]}}]}},{{", StringComparison.Ordinal);

        Assert.Equal([(Lodash, cleared), (Curl, false)], ClearedBy([VexReaderTests.Read(document)]));
    }

    [Fact]
    public void ReadBackWhatOurOwnReportSays()
    {
        ImageReport report = ImageReport.Of(Image, Image.Names[0]).Decided(found => found.Package.Name == "lodash"
            ? new ReportedDecision(DecisionKind.NotAffected, "Never called.", null) { Justification = "vulnerable_code_not_in_execute_path" }
            : new ReportedDecision(DecisionKind.Deferred, "Later.", null));
        using var written = new MemoryStream();
        new CycloneDxReport().Write(report, written);
        written.Position = 0;

        ImageReport read = VexDecisions.Apply(ImageReport.Of(Image, Image.Names[0]), VexStatements.Read(written));

        Assert.Equal(
            [("curl", null), ("lodash", new ReportedDecision(DecisionKind.NotAffected, "Never called.", null) { Justification = "code_not_reachable" })],
            read.Findings.Select(found => (found.Package.Name, found.Decision)).OrderBy(found => found.Name));
    }

    [Fact]
    public void LeaveWhatWasDecidedBefore()
    {
        var before = new ReportedDecision(DecisionKind.Deferred, "", null);
        ImageReport report = ImageReport.Of(Image, Image.Names[0]).Decided(_ => before);

        ImageReport applied = VexDecisions.Apply(report, new VexStatements([VexReaderTests.Read(Statement("pkg:oci/nginx"))]));

        Assert.All(applied.Findings, found => Assert.Same(before, found.Decision));
    }

    private static string Statement(string product, string status = "not_affected", int day = 1) =>
        StatementOf(JsonSerializer.Serialize(new Dictionary<string, string> { ["@id"] = product.Replace("DIGEST", Digest, StringComparison.Ordinal) }), status, day);

    private static string StatementOf(string product, string status = "not_affected", int day = 1) =>
        $$"""
        {"@context":"https://openvex.dev/ns","@id":"x","author":"Ann","timestamp":"2026-01-0{{day}}T00:00:00Z","version":1,
        "statements":[{"vulnerability":{"name":"{{Cve}}"},"status":"{{status}}","impact_statement":"So it is.","products":[{{product}}]}]}
        """;

    private static string Linked(string link) =>
        $$"""
        {"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"metadata":{"timestamp":"2026-01-01T00:00:00Z"},
        "vulnerabilities":[{"id":"{{Cve}}","analysis":{"state":"not_affected"},"affects":[{"ref":"{{link}}"}]}]}
        """;

    private static (PackageFindings Found, bool Cleared)[] ClearedBy(string document, Scan? scan = null, ImageReference? name = null) =>
        ClearedBy([VexReaderTests.Read(document)], scan, name);

    private static (PackageFindings Found, bool Cleared)[] ClearedBy(VexDocument[] documents, Scan? scan = null, ImageReference? name = null)
    {
        var statements = new VexStatements(documents);
        var image = new VexImage(scan ?? Image, name);
        return [.. new[] { Lodash, Curl }.Select(found => (found, statements.Clears(image, found.Installed.Package, found.Findings[0])))];
    }
}
