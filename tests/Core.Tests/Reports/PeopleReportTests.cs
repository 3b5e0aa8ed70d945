using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Reports;

public sealed class PeopleReportTests
{
    private static readonly ImageReport Report = ImageReport.Of(
        MadeScan.Of(
            MadeScan.Package(
                "curl",
                "7.74",
                MadeScan.Finding("CVE-2024-2", Severity.Low) with { Status = AdvisoryStatus.WillNotFix },
                MadeScan.Finding("CVE-2024-1", Severity.Critical, "7.75", MadeScan.V3Critical) with
                {
                    Summary = "Buffer overflow, in \"curl\"",
                    Link = "https://nvd.nist.gov/vuln/detail/CVE-2024-1",
                }),
            MadeScan.Package(PackageType.Npm, "lodash", "4.17.20", "app/node_modules/lodash/package.json", 0, MadeScan.Finding("CVE-2024-3", Severity.Important, "4.17.21"))),
        MadeScan.Reference());

    [Fact]
    public void TheTableIsThatOfATerminal()
    {
        string digest = Report.Digest;

        Assert.Equal(
            $"""
            Image       docker.io/library/nginx:1.27
            Digest      {digest}
            Platform    linux/amd64
            System      debian:12
            Scanned     2024-11-27 18:16:32Z
            Advisories  up to 2024-11-27

            +------------------+----------+-----------------+
            | TYPE             | PACKAGES | VULNERABILITIES |
            +------------------+----------+-----------------+
            | dpkg (debian:12) | 1        | 2               |
            | npm              | 1        | 1               |
            +------------------+----------+-----------------+

            dpkg (debian:12)
            ================
            Total: 2 (UNKNOWN: 0, LOW: 1, MODERATE: 0, IMPORTANT: 0, CRITICAL: 1)

            +---------+---------------+----------+------+-----------+----------------+---------------------------------------------+
            | PACKAGE | VULNERABILITY | SEVERITY | CVSS | INSTALLED | FIXED IN       | TITLE                                       |
            +---------+---------------+----------+------+-----------+----------------+---------------------------------------------+
            | curl    | CVE-2024-1    | CRITICAL | 9.8  | 7.74      | 7.75           | Buffer overflow, in "curl"                  |
            |         |               |          |      |           |                | https://nvd.nist.gov/vuln/detail/CVE-2024-1 |
            |         | CVE-2024-2    | LOW      |      |           | (will not fix) |                                             |
            +---------+---------------+----------+------+-----------+----------------+---------------------------------------------+

            npm
            ===
            Total: 1 (UNKNOWN: 0, LOW: 0, MODERATE: 0, IMPORTANT: 1, CRITICAL: 0)

            +---------+---------------+-----------+------+-----------+----------+-------+
            | PACKAGE | VULNERABILITY | SEVERITY  | CVSS | INSTALLED | FIXED IN | TITLE |
            +---------+---------------+-----------+------+-----------+----------+-------+
            | lodash  | CVE-2024-3    | IMPORTANT |      | 4.17.20   | 4.17.21  |       |
            +---------+---------------+-----------+------+-----------+----------+-------+

            """.ReplaceLineEndings("\n"),
            Text("table", Report));
    }

    [Fact]
    public void TheTableSaysWhyItIsEmpty()
    {
        var nothing = ImageReport.Of(MadeScan.Of(MadeScan.Package("curl")), MadeScan.Reference());

        Assert.EndsWith("\nNo known vulnerability found.\n", Text("table", nothing), StringComparison.Ordinal);
        Assert.EndsWith("\nNothing is left to show.\n\nNote: 3 findings are left out by the filter.\n", Text("table", nothing with { Hidden = 3 }), StringComparison.Ordinal);
        Assert.Contains(
            "\nNothing is left to show.\n\nWarning: ",
            Text("table", nothing with { Hidden = 3, Scan = nothing.Scan with { Match = nothing.Scan.Match with { CoversDistribution = false } } }),
            StringComparison.Ordinal);
        Assert.Contains(
            "\nNothing found, but not everything could be looked at:\n\nWarning: ",
            Text("table", nothing with { Scan = nothing.Scan with { Match = nothing.Scan.Match with { CoversDistribution = false } } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheTableMarksWhatWasDecided() => Assert.Contains(
        "(false positive: not ours)",
        Text("table", Report.Decided(_ => new ReportedDecision(DecisionKind.FalsePositive, "not ours", null))),
        StringComparison.Ordinal);

    [Fact]
    public void TheTableCountsWhatIsNotDecided()
    {
        string text = Text("table", Report.Decided(found => found.Finding.Cve == "CVE-2024-1" ? new ReportedDecision(DecisionKind.FalsePositive, "", null) : null));

        Assert.Contains("\nTotal: 1 (UNKNOWN: 0, LOW: 1, MODERATE: 0, IMPORTANT: 0, CRITICAL: 0), 1 suppressed\n", text, StringComparison.Ordinal);
        Assert.Contains("| dpkg (debian:12) | 1        | 1               |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTableCountsItsRows()
    {
        Finding finding = MadeScan.Finding("CVE-1", Severity.Low);
        var report = ImageReport.Of(
            MadeScan.Of(MadeScan.Package(PackageType.Npm, "a", "1", "one/package.json", 0, finding), MadeScan.Package(PackageType.Npm, "a", "1", "two/package.json", 0, finding)),
            MadeScan.Reference());

        Assert.Contains("\nTotal: 1 (UNKNOWN: 0, LOW: 1,", Text("table", report), StringComparison.Ordinal);
    }

    [Fact]
    public void TheCsvBeginsAsThatOfRoxctl()
    {
        string[] lines = Text("csv", Report).Split("\r\n");

        Assert.StartsWith("\"COMPONENT\",\"VERSION\",\"CVE\",\"SEVERITY\",\"CVSS\",\"LINK\",\"FIXED VERSION\",\"ADVISORY\",\"ADVISORY LINK\",", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "\"curl\",\"7.74\",\"CVE-2024-1\",\"CRITICAL\",\"9.8\",\"https://nvd.nist.gov/vuln/detail/CVE-2024-1\",\"7.75\",\"ADV-CVE-2024-1\",\"\",\"dpkg\",",
            lines[1],
            StringComparison.Ordinal);
        Assert.EndsWith(",\"Buffer overflow, in \"\"curl\"\"\"", lines[1], StringComparison.Ordinal);
        Assert.Equal((5, ""), (lines.Length, lines[^1]));
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@a", "\"'@a\"")]
    [InlineData("\t=1", "\"'=1\"")]
    [InlineData("\r\n=1", "\"'=1\"")]
    [InlineData(" =1", "\"'=1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a\"b,c\r\nd;e", "\"a\"\"b,c d;e\"")]
    [InlineData("1.0-1", "\"1.0-1\"")]
    [InlineData("1;=cmd|'/C calc'!A0", "\"1;'=cmd|'/C calc'!A0\"")]
    [InlineData("1; @a;;-b", "\"1;' @a;;'-b\"")]
    [InlineData("1;\"=x", "\"1;'\"\"=x\"")]
    public void TheCsvHasNoCellThatIsAFormula(string text, string cell)
    {
        Assert.Equal(cell, CsvReport.CellOf(text));
        Assert.All(CsvReport.CellOf(text).Split(';'), part => Assert.DoesNotMatch(@"^[\s""]*[=+\-@＝＋－＠]", part));
    }

    [Fact]
    public void TheCsvOfAHostileImageHasAsManyCellsInEachRow()
    {
        string[][] rows = [.. Text("csv", HostileImage.Report()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(CellsOf)];

        Assert.Equal(HostileImage.Report().Findings.Count + 1, rows.Length);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        Assert.All(rows.SelectMany(row => row), cell => Assert.DoesNotMatch(@"^[=+\-@\t\r\n＝＋－＠]", cell));
    }

    // By RFC 4180, section 2: what is within quotes, two of them standing for one.
    private static string[] CellsOf(string row)
    {
        var cells = new List<string>();
        int at = 0;
        while (at < row.Length)
        {
            Assert.Equal('"', row[at++]);
            var cell = new StringBuilder();
            while (row[at] != '"' || (at + 1 < row.Length && row[at + 1] == '"'))
            {
                cell.Append(row[at]);
                at += row[at] == '"' ? 2 : 1;
            }

            cells.Add(cell.ToString());
            at++;
            Assert.True(at == row.Length || row[at++] == ',', $"{row[at - 1]} after a cell");
        }

        return [.. cells];
    }

    private static string Text(string format, ImageReport report) => Encoding.UTF8.GetString(HostileImage.Written(ReportFormats.Find(format)!, report));
}
