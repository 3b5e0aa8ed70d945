namespace ImageScan.Core.Reports;

/// <summary>The formats there are. StackRox's JSON is none of them: it is the API's own form.</summary>
public static class ReportFormats
{
    /// <summary>All, in the order in which they are named to people: a line each.</summary>
    public static IReadOnlyList<IReportFormat> All { get; } =
    [
        new TableReport(),
        new CsvReport(),
        new SarifReport(),
        new CycloneDxReport(),
        new SpdxReport(),
        new MarkdownReport(),
        new HtmlReport(),
        new JUnitReport(),
        new GitLabReport(),
    ];

    /// <summary>The format of that name; null if there is none.</summary>
    public static IReportFormat? Find(string name) => All.FirstOrDefault(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));
}
