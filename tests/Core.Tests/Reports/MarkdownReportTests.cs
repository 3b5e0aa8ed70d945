using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using Markdig;

namespace ImageScan.Core.Tests.Reports;

public sealed partial class MarkdownReportTests
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder().UsePipeTables().UseEmphasisExtras().UseAutoLinks().UseTaskLists().Build();

    private static readonly PackageFindings Lodash = MadeScan.Package(
        "lodash", "4.17.20",
        MadeScan.Finding("CVE-1", Severity.Critical, "4.17.21", MadeScan.V3Critical) with { Link = "https://nvd.nist.gov/vuln/detail/CVE-1", Exploit = new KnownExploit(null, null) },
        MadeScan.Finding("CVE-2", Severity.Important, null, MadeScan.V3Important),
        MadeScan.Finding("CVE-3", Severity.Low, "4.17.21"));

    private static readonly ImageReport Report = ImageReport.Of(MadeScan.Of(Lodash), MadeScan.Reference());

    [Fact]
    public void SaysInAFewLinesHowItStands() => Assert.StartsWith(
        $"""
        ### Vulnerabilities of `docker.io/library/nginx:1.27`

        | | |
        | :-- | :-- |
        | Findings | **3**: **1** critical · **1** important · **0** moderate · **1** low |
        | Fixable | **2** of 3 |
        | Known to be exploited | **1** |
        | Image | `{MadeScan.DigestOf("manifest")}`, `linux/amd64` |
        | System | `debian:12`, 1 packages |
        """.ReplaceLineEndings("\n"),
        Written(Report),
        StringComparison.Ordinal);

    [Fact]
    public void FoldsTheWorstFindingsAway() => Assert.EndsWith(
        """
        <details>
        <summary>All 3</summary>

        | Severity | Vulnerability | CVSS | EPSS | Package | Installed | Fixed in |
        | :-- | :-- | --: | --: | :-- | :-- | :-- |
        | critical | [`CVE-1`](<https://nvd.nist.gov/vuln/detail/CVE-1>) **exploited** | 9.8 |  | `lodash` | `4.17.20` | `4.17.21` |
        | important | `CVE-2` | 7.5 |  | `lodash` | `4.17.20` | – |
        | low | `CVE-3` |  |  | `lodash` | `4.17.20` | `4.17.21` |

        </details>

        """.ReplaceLineEndings("\n"),
        Written(Report),
        StringComparison.Ordinal);

    [Fact]
    public void HasTheWorstFirstHoweverTheyAreOrdered() =>
        Assert.Equal(Written(Report), Written(Report with { Findings = [.. Report.Findings.Reverse()] }));

    [Fact]
    public void LeavesOutOfTheCountsWhatWasDecided()
    {
        string text = Written(Report.Decided(found => found.Finding.Cve == "CVE-1" ? new ReportedDecision(DecisionKind.Fixed, "", null) : null));

        Assert.Contains("| Findings | **2**: **0** critical", text, StringComparison.Ordinal);
        Assert.Contains("- 1 do not count", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void FitsACommentHoweverManyThereAre(int findings)
    {
        string longest = new('é', 500);
        Finding[] many = [.. Enumerable.Range(0, findings).Select(i => MadeScan.Finding($"CVE-{i.ToString(CultureInfo.InvariantCulture)}-{longest}", Severity.Low, longest))];

        byte[] written = HostileImage.Written(new MarkdownReport(), ImageReport.Of(MadeScan.Of(MadeScan.Package(longest, longest, many)), MadeScan.Reference()));

        Assert.InRange(written.Length, 1, MarkdownReport.MaxBytes);
        string text = Encoding.UTF8.GetString(written);
        Assert.Equal(findings > 100, Regex.IsMatch(text, "\nAnd [0-9]+ more\\.\n"));
        Assert.Equal(findings > 0, text.EndsWith("</details>\n", StringComparison.Ordinal));
    }

    [Fact]
    public void MakesOfNoTextAnythingButCode()
    {
        byte[] written = HostileImage.Written(new MarkdownReport());
        string text = Encoding.UTF8.GetString(written);
        string html = Markdown.ToHtml(text, GitHub);

        Assert.InRange(written.Length, 1, MarkdownReport.MaxBytes);
        Assert.DoesNotMatch(@"[\p{Cc}-[\n]]|[\p{Cf}\p{Zl}\p{Zp}]", text);
        Assert.DoesNotContain(Tags().Matches(html).Select(tag => tag.Value), tag => !Ours().IsMatch(tag));
        Assert.DoesNotContain(HostileImage.RefusedHost, LinksOf(html), StringComparison.Ordinal);

        // Whatever GitHub would make something of stands in code.
        string outside = Code().Replace(Links().Replace(html, ""), "");
        Assert.DoesNotContain("@", outside, StringComparison.Ordinal);
        Assert.DoesNotMatch("#[0-9]", outside);
        Assert.DoesNotContain("evil.example", outside, StringComparison.Ordinal);
        Assert.DoesNotContain("[x]", outside, StringComparison.Ordinal);
        Assert.DoesNotContain("jndi", outside, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsItsTablesWhole()
    {
        string html = Markdown.ToHtml(Encoding.UTF8.GetString(HostileImage.Written(new MarkdownReport())), GitHub);

        string[] rows = [.. Rows().Matches(html).Select(row => row.Value)];
        Assert.True(rows.Length > 10);
        Assert.All(rows, row => Assert.Contains(Cells().Count(row), new[] { 2, 7 }));
    }

    private static string Written(ImageReport report) => Encoding.UTF8.GetString(HostileImage.Written(new MarkdownReport(), report));

    private static string LinksOf(string html) => string.Join('\n', Links().Matches(html).Select(link => link.Value));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("""^(</?(h3|p|table|thead|tbody|tr|ul|li|code|strong|details|summary|a)>|<t[hd]( style="text-align: (left|right);")?>|</t[hd]>|<(h3) id="[^"<>]*">|<a href="https://odd\.example/[^"<>]*">)$""")]
    private static partial Regex Ours();

    [GeneratedRegex("<code>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("<a href=\"[^\"]*\">")]
    private static partial Regex Links();

    [GeneratedRegex("<tr>.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Rows();

    [GeneratedRegex("<t[hd][ >]")]
    private static partial Regex Cells();
}
