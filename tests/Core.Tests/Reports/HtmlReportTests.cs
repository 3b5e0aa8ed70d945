using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly PackageFindings Lodash = MadeScan.Package(
        "lodash", "4.17.20",
        MadeScan.Finding("CVE-1", Severity.Critical, "4.17.21", MadeScan.V3Critical) with { Link = "https://nvd.nist.gov/vuln/detail/CVE-1" },
        MadeScan.Finding("CVE-2", Severity.Low));

    private static readonly ImageReport Report = ImageReport.Of(MadeScan.Of(Lodash), MadeScan.Reference());

    [Fact]
    public void HasARowForEachFinding()
    {
        string html = Written(Report.Decided(found => found.Finding.Cve == "CVE-2" ? new ReportedDecision(DecisionKind.NotAffected, "Not called.", null) : null));

        Assert.Contains("<h1>Vulnerabilities of docker.io/library/nginx:1.27</h1>", html, StringComparison.Ordinal);
        Assert.Contains("By severity: Critical 1, Important 0, Moderate 0, Low 0, Unrated 0", html, StringComparison.Ordinal);
        Assert.Contains(
            "<tr><td><span class=\"badge critical\">Critical</span></td><th scope=\"row\"><a rel=\"noopener noreferrer\" href=\"https://nvd.nist.gov/vuln/detail/CVE-1\">CVE-1</a></th>"
                + "<td>9.8</td><td></td><td>lodash</td><td>4.17.20</td><td>4.17.21</td>",
            html,
            StringComparison.Ordinal);
        Assert.Contains("CVE-2 <em>not affected: Not called.</em>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void LetsABrowserRunAndFetchNothing()
    {
        string html = Written(Report);

        string style = Regex.Match(html, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains(
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">",
            html,
            StringComparison.Ordinal);
        Assert.DoesNotMatch("url\\(|@import|<script|<link|<img|<iframe| src=| style=| on[a-z]+=", html);
    }

    [Fact]
    public void MakesOfNoTextAnythingButText()
    {
        string html = Encoding.UTF8.GetString(HostileImage.Written(new HtmlReport()));

        Assert.DoesNotContain(Tags().Matches(html).Select(tag => tag.Value), tag => !Ours().IsMatch(tag));
        Assert.DoesNotMatch(@"[\p{Cc}-[\n]]|[\p{Cf}\p{Zl}\p{Zp}]", html);
        Assert.DoesNotMatch($"href=\"[^\"]*{HostileImage.RefusedHost}", html);
        Assert.All(Links().Matches(html), link => Assert.StartsWith("https://odd.example/", link.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void StaysWithinBoundsAtTenThousandFindings()
    {
        Finding[] many = [.. Enumerable.Range(0, 12_000).Select(i => MadeScan.Finding($"CVE-2026-{i}", (Severity)(i % 5), "1.2.3", MadeScan.V3Moderate) with
        {
            Link = $"https://nvd.nist.gov/vuln/detail/CVE-2026-{i}",
            Epss = new EpssScore(0.1f, 0.2f),
        })];

        byte[] written = HostileImage.Written(new HtmlReport(), ImageReport.Of(MadeScan.Of(MadeScan.Package("some-package-name", "1.2.3-4", many)), MadeScan.Reference()));

        Assert.InRange(written.Length, 1, 5 * 1024 * 1024);
        Assert.Contains("<p>And 2000 more.</p>", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhereThereIsNothing() =>
        Assert.Contains("<p>None.</p>", Written(Report with { Findings = [] }), StringComparison.Ordinal);

    [Fact]
    public void HasTheWorstFirstHoweverTheyAreOrdered() =>
        Assert.Equal(Written(Report), Written(Report with { Findings = [.. Report.Findings.Reverse()] }));

    private static string Written(ImageReport report) => Encoding.UTF8.GetString(HostileImage.Written(new HtmlReport(), report));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("""
        ^(<!DOCTYPE\ html>|<html\ lang="en">|<meta\ [^<>]*>|</?(head|body|title|style|header|main|footer|section|h1|h2|p|dl|div|dt|dd|ul|li|figure|figcaption|table
        |caption|thead|tbody|tr|td|th|span|em|strong|a|svg|html)>|<section\ aria-labelledby="[a-z]+">|<h2\ id="[a-z]+">|<svg\ role="img"\ [^<>]*>
        |<rect\ class="fill-[a-z]+"\ [^<>]*/>|<div\ class="scroll"\ role="region"\ aria-label="Table\ of\ findings"\ tabindex="0">|<th\ scope="(col|row)">
        |<span\ class="badge\ [a-z]+">|<a\ rel="noopener\ noreferrer"\ href="https://odd\.example/[^"<>]*">)$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Ours();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();
}
