namespace ImageScan.Core.Api;

/// <summary>How an image's findings are to be written, if not as StackRox does: additions of this app.</summary>
/// <param name="Format">
/// Our own: <c>json</c>, which is StackRox's form, or another of <c>docs/reports.md</c>: <c>table</c>, <c>csv</c>, <c>sarif</c> and more. Without it
/// the header <c>Accept</c> decides, and JSON unless that names another form's media type.
/// </param>
/// <param name="Severity">
/// Our own: leaves all others out of a report, not out of JSON: <c>critical</c>, <c>important</c> or <c>high</c>, <c>moderate</c> or <c>medium</c>,
/// <c>low</c>, <c>unknown</c>, with commas between them.
/// </param>
/// <param name="Fixable">Our own: leaves out of a report, not out of JSON, what has no fix.</param>
public sealed record ReportParameters(string Format, string Severity, bool Fixable);
