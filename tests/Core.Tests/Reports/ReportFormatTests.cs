using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Reports;

/// <summary>What holds for every format, whoever adds one.</summary>
public sealed partial class ReportFormatTests
{
    public static TheoryData<string> Names => [.. ReportFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsTextWithoutControlCharacters(string name)
    {
        string text = Text(HostileImage.Written(Format(name)));

        Assert.Empty(text.EnumerateRunes()
            .Where(rune => rune.Value is not ('\n' or '\r' or '\t')
                && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
            .Select(rune => $"U+{rune.Value:X4}")
            .Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LeadsToTheWebAlone(string name) =>
        Assert.DoesNotContain(HostileImage.RefusedHost, Decoded(Text(HostileImage.Written(Format(name)))), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWhatItsMediaTypeSays(string name)
    {
        IReportFormat format = Format(name);

        foreach (ImageReport report in (ImageReport[])[HostileImage.Report(), ImageReport.Of(MadeScan.Of(), null)])
        {
            byte[] document = HostileImage.Written(format, report);
            if (format.MediaType.EndsWith("json", StringComparison.Ordinal))
            {
                JsonDocument.Parse(document).Dispose();
            }
            else if (format.MediaType.EndsWith("xml", StringComparison.Ordinal))
            {
                using var reader = XmlReader.Create(new MemoryStream(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
                while (reader.Read())
                {
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IsTheSameEveryTime(string name) => Assert.Equal(HostileImage.Written(Format(name)), HostileImage.Written(Format(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWrittenOfAnImageOfWhichNothingIsKnown(string name) =>
        Assert.NotEmpty(HostileImage.Written(Format(name), ImageReport.Of(
            MadeScan.Of() with { Names = [], Match = MadeScan.Of().Match with { Advisories = null, CoversDistribution = false } }, null)));

    // Packages that are counted where nobody tells of the system's package which they came with.
    [Theory]
    [MemberData(nameof(Names))]
    public void HasFindingsOfPackagesThatAreMatchedWithoutBeingInTheInventory(string name)
    {
        Scan scan = MadeScan.Of(MadeScan.Package(PackageType.Python, "requests", "2.20.0", "METADATA", 0, MadeScan.Finding("CVE-2023-32681", Severity.Moderate)));

        string text = Text(HostileImage.Written(Format(name), ImageReport.Of(scan with { Inventory = scan.Inventory with { Packages = [] } }, null)));

        Assert.Contains("CVE-2023-32681", text, StringComparison.Ordinal);
        Assert.Contains("requests", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void HasANameThatAnAddressCanHaveAndADocumentedPlace(string name)
    {
        IReportFormat format = Format(name);

        Assert.Matches("^[a-z0-9]+$", format.Name);
        Assert.Matches("^[a-z0-9]+$", format.FileExtension);
        Assert.Matches("^[a-z]+/[a-z0-9.+-]+$", format.MediaType);
        Assert.Contains($"`{name}`", File.ReadAllText(Repository.Path("docs", "reports.md")), StringComparison.Ordinal);
        Assert.Contains($"`{format.GetType().Name}`", File.ReadAllText(Repository.Path("src", "Core", "Reports", "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void HaveDifferentNamesAndTypes()
    {
        Assert.Distinct(ReportFormats.All.Select(format => format.Name));
        Assert.Distinct(ReportFormats.All.Select(format => format.MediaType));
    }

    private static IReportFormat Format(string name) => ReportFormats.Find(name)!;

    // Fails where it is no UTF-8.
    private static string Text(byte[] document) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(document);

    // What is escaped in JSON would be a link all the same.
    private static string Decoded(string text) =>
        Escape().Replace(text, escape => ((char)int.Parse(escape.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})")]
    private static partial Regex Escape();
}
