using System.Globalization;
using System.Text;
using System.Xml;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// JUnit's XML as Ant writes it (https://github.com/windyroad/JUnit-Schema/blob/master/JUnit.xsd): a suite for each kind of package, in it a failure
/// for each finding, and one test that passes where there is none.
/// </summary>
public sealed class JUnitReport : IReportFormat
{
    private const int MaxNameCharacters = 300;

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CloseOutput = false };

    public string Name => "junit";

    public string MediaType => "application/xml";

    public string FileExtension => "xml";

    public void Write(ImageReport report, Stream output)
    {
        using var xml = XmlWriter.Create(output, Settings);
        xml.WriteStartElement("testsuites");
        ILookup<PackageType, ReportedFinding> findings = report.Findings.ToLookup(reported => reported.Package.Type);
        IGrouping<PackageType, PackageFindings>[] types =
            [.. report.Scan.Match.Packages.GroupBy(found => found.Installed.Package.Type).OrderBy(packages => packages.Key.Place)];
        string[] notices = [.. ReportNotices.Of(report).Select(notice => $"{notice.Level}: {notice.Text}")];
        foreach ((int number, IGrouping<PackageType, PackageFindings> packages) in types.Index())
        {
            var suite = new Suite(number, packages.Key.Name, packages.Count(), IsCovered(report.Scan, packages.Key));
            WriteSuite(xml, report, suite, findings[packages.Key], notices);
        }

        if (types.Length == 0)
        {
            WriteSuite(xml, report, new Suite(0, "image", 0, report.Scan.Match.Advisories is not null), [], notices);
        }

        xml.WriteEndElement();
    }

    private sealed record Suite(int Number, string Name, int Packages, bool IsCovered);

    private static bool IsCovered(Scan scan, PackageType type) =>
        scan.Match.Advisories is not null && (type.IsLanguage ? scan.Match.CoversLanguages : scan.Match.CoversDistribution);

    private static void WriteSuite(XmlWriter xml, ImageReport report, Suite suite, IEnumerable<ReportedFinding> findings, string[] notices)
    {
        ReportedFinding[] cases = [.. findings];
        int skipped = cases.Length == 0 ? (suite.IsCovered ? 0 : 1) : cases.Count(reported => reported.Decision is not null);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("package", ReportText.Line(report.ImageName, MaxNameCharacters));
        xml.WriteAttributeString("id", Number(suite.Number));
        xml.WriteAttributeString("name", suite.Name);
        xml.WriteAttributeString("timestamp", report.Scan.ScannedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        // What the schema wants where it is not known: which machine it was depends on none.
        xml.WriteAttributeString("hostname", "localhost");
        xml.WriteAttributeString("tests", Number(Math.Max(cases.Length, 1)));
        xml.WriteAttributeString("failures", Number(cases.Count(reported => reported.Decision is null)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Number(skipped));
        xml.WriteAttributeString("time", "0");
        WriteProperties(xml, report);
        foreach (ReportedFinding reported in cases)
        {
            WriteCase(xml, reported);
        }

        if (cases.Length == 0)
        {
            WritePassed(xml, report, suite);
        }

        // One suite says what is to be said of all.
        xml.WriteElementString("system-out", suite.Number == 0 ? string.Join('\n', notices) : "");
        xml.WriteElementString("system-err", "");
        xml.WriteEndElement();
    }

    private static void WriteProperties(XmlWriter xml, ImageReport report)
    {
        xml.WriteStartElement("properties");
        (string Name, string Value)[] properties =
        [
            ("image", report.ImageName),
            ("digest", report.Digest),
            ("platform", report.Scan.Platform.ToString()),
            ("operatingSystem", OperatingSystems.NameOf(report.Scan.Inventory.Distribution)),
        ];
        foreach ((string name, string value) in properties)
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("value", ReportText.Line(value, MaxNameCharacters));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, ReportedFinding reported)
    {
        Finding finding = reported.Finding;
        string severity = ReportText.Word(finding.Severity);
        string cve = ReportText.Line(finding.Cve, MaxNameCharacters);
        string package = ReportText.Line(reported.Package.Name, MaxNameCharacters);
        WriteCaseStart(xml, $"[{severity}] {cve}", $"{package}-{ReportText.Line(reported.Package.Version, MaxNameCharacters)}");
        if (reported.Decision is { } decision)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", decision.Sentence);
        }
        else
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", finding.Summary.Length > 0 ? ReportText.Line(finding.Summary, MaxNameCharacters) : cve);
            xml.WriteAttributeString("type", severity);
            xml.WriteString(string.Join('\n', DetailsOf(reported)));
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // Who asked for a part is not told of the whole.
    private static void WritePassed(XmlWriter xml, ImageReport report, Suite suite)
    {
        string found = report.Hidden + report.Suppressed > 0 ? "Nothing is left to show of" : "No known vulnerability in";
        WriteCaseStart(xml, $"{found} {Number(suite.Packages)} packages", suite.Name);
        if (!suite.IsCovered)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", "There are no advisories about some or all of them.");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCaseStart(XmlWriter xml, string name, string className)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("classname", className.Length > 1 ? className : "package");
        xml.WriteAttributeString("time", "0");
    }

    private static IEnumerable<string> DetailsOf(ReportedFinding reported)
    {
        (string Name, string Value)[] details =
        [
            ("Package", ReportText.Line(reported.Package.Name, MaxNameCharacters)),
            ("Installed", ReportText.Line(reported.Package.Version, MaxNameCharacters)),
            ("Fixed in", ReportText.Line(reported.Finding.FixedBy, MaxNameCharacters)),
            ("CVSS", ReportText.Score(reported.Score)),
            ("Path", ReportText.Line(reported.Package.Location)),
            ("Advisory", ReportText.Line(reported.Finding.AdvisoryId, MaxNameCharacters)),
            ("Link", ReportText.Link(reported.Finding.Link)),
        ];
        return details.Where(detail => detail.Value.Length > 0).Select(detail => $"{detail.Name}: {detail.Value}");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
