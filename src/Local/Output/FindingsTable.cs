using System.Globalization;
using ImageScan.Core.Vulnerabilities;
using Spectre.Console;

namespace ImageScan.Local.Output;

/// <summary>Where a table is read.</summary>
internal enum TableReader
{
    InWindow,

    /// <summary>In a file or behind a pipe, perhaps by a program.</summary>
    Elsewhere,
}

/// <summary>
/// Shows an image to people: what it is, a row for each vulnerability, and a line that sums up. In a window a row leaves out what the one above says, and
/// columns that can be spared go where it is narrow; in a pipe or a file every row is whole, so that it can be searched.
/// </summary>
internal static class FindingsTable
{
    private const string Unknown = "";

    // From these widths on there is a place for them.
    private const int WidthForSource = 110;
    private const int WidthForLayer = 100;
    private const int WidthForEpss = 85;

    /// <summary>Writes it to stdout.</summary>
    public static void Write(ScannedImage image) =>
        Write(Terminal.Out, image, Console.IsOutputRedirected ? TableReader.Elsewhere : TableReader.InWindow);

    /// <summary>Writes it.</summary>
    /// <param name="console">Where to; its colours say nothing of who reads it, as they may be wanted in a pipe, too.</param>
    /// <param name="image">The image.</param>
    /// <param name="reader">Who reads it.</param>
    public static void Write(IAnsiConsole console, ScannedImage image, TableReader reader)
    {
        WriteHead(console, image);
        if (image.Rows.Count > 0)
        {
            console.Write(TableOf(image.Rows, console.Profile.Width, reader));
        }

        Line(console, SummaryOf(image));
        if (image.Notes.Count > 0)
        {
            Line(console, $"Notes       {string.Join(", ", image.Notes)}");
        }
    }

    /// <summary>One line: <c>3 vulnerabilities: 1 critical, 2 low; 2 fixable. 1 suppressed.</c> What is suppressed counts only there.</summary>
    public static string SummaryOf(ScannedImage image)
    {
        FindingRow[] counted = [.. image.Rows.Where(row => row.Decision.Length == 0)];
        string counts = string.Join(", ", Enum.GetValues<Severity>().Reverse()
            .Select(severity => (Name: $"{severity}".ToLowerInvariant(), Count: counted.Count(row => row.Severity == severity)))
            .Where(pair => pair.Count > 0)
            .Select(pair => $"{pair.Count} {pair.Name}"));
        int fixable = counted.Count(row => row.FixedIn.Length > 0);
        int decided = image.Rows.Count - counted.Length;
        string word = counted.Length == 1 ? "vulnerability" : "vulnerabilities";
        string found = counted.Length > 0 ? $"{counted.Length} {word}: {counts}; {fixable} fixable"
            : image.Hidden > 0 || image.Suppressed > 0 || decided > 0 ? "No vulnerability of those asked for."
            : image.IsOfStarterSet ? "Nothing found, but only the starter set of advisories was asked, which lacks most vulnerabilities."
            : image.Notes.Count > 0 ? "Nothing found, but not everything could be looked at: see the notes."
            : image.IsPastEnd ? "Nothing found, but the distribution's release is past its end of life."
            : "No known vulnerability found.";
        string hidden = image.Hidden > 0 ? $" {image.Hidden} others not asked for." : "";
        string suppressed = image.Suppressed > 0 ? $" {image.Suppressed} suppressed; --show-suppressed shows them."
            : decided > 0 ? $" {decided} suppressed."
            : "";
        return counted.Length > 0 && (hidden.Length > 0 || suppressed.Length > 0) ? $"{found}.{hidden}{suppressed}" : found + hidden + suppressed;
    }

    private static void WriteHead(IAnsiConsole console, ScannedImage image)
    {
        Line(console, $"Image       {image.Name}");
        Line(console, $"Digest      {image.Digest}");
        Line(console, $"System      {image.System}");
        Line(console, $"Components  {image.Components}");
        Line(console, $"Scanner     {image.Scanner}");
    }

    private static Table TableOf(IReadOnlyList<FindingRow> rows, int width, TableReader reader)
    {
        Column[] columns = [.. Columns(rows, reader == TableReader.InWindow ? width : int.MaxValue)];
        var table = new Table { Border = TableBorder.Simple };
        foreach (Column column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Name)) { NoWrap = !column.MayWrap, Alignment = column.Alignment });
        }

        FindingRow? above = null;
        foreach (FindingRow row in rows)
        {
            FindingRow? same = reader == TableReader.InWindow ? above : null;
            table.AddRow(columns.Select(column => new Text(TextOf(column, row, same), column.StyleOf?.Invoke(row))));
            above = row;
        }

        return table;
    }

    private static IEnumerable<Column> Columns(IReadOnlyList<FindingRow> rows, int width)
    {
        yield return new Column("Severity", row => $"{row.Severity}".ToUpperInvariant()) { StyleOf = StyleOf };
        yield return new Column("CVSS", row => row.Score > 0 ? row.Score.ToString("0.0", CultureInfo.InvariantCulture) : Unknown) { Alignment = Justify.Right };
        if (width >= WidthForEpss && rows.Any(row => row.Epss is not null))
        {
            yield return new Column("EPSS", row => row.Epss?.ToString("0.0%", CultureInfo.InvariantCulture) ?? Unknown) { Alignment = Justify.Right };
        }

        if (rows.Any(row => row.IsExploited))
        {
            yield return new Column("KEV", row => row.IsExploited ? "yes" : "") { StyleOf = _ => new Style(Color.Red, decoration: Decoration.Bold) };
        }

        yield return new Column("Vulnerability", row => row.Cve);
        yield return new Column("Package", row => row.Package) { MayWrap = true, IsMerged = true };
        yield return new Column("Installed", row => row.Installed) { MayWrap = true, IsMerged = true };
        yield return new Column("Fixed in", row => row.FixedIn) { MayWrap = true };
        if (width >= WidthForSource)
        {
            yield return new Column("Source", row => row.Source) { IsMerged = true };
        }

        if (width >= WidthForLayer)
        {
            yield return new Column("Layer", row => row.Layer) { IsMerged = true, Alignment = Justify.Right };
        }

        if (rows.Any(row => row.Decision.Length > 0))
        {
            yield return new Column("Suppressed", row => row.Decision) { MayWrap = true };
        }
    }

    // Cells of one package say the same, so they are merged together or not at all.
    private static string TextOf(Column column, FindingRow row, FindingRow? above) =>
        column.IsMerged && above is not null
        && (above.Package, above.Installed, above.Source, above.Layer) == (row.Package, row.Installed, row.Source, row.Layer)
            ? ""
            : column.TextOf(row);

    private static Style StyleOf(FindingRow row) => row.Severity switch
    {
        Severity.Critical => new Style(Color.Red, decoration: Decoration.Bold),
        Severity.Important => new Style(Color.Red),
        Severity.Moderate => new Style(Color.Yellow),
        _ => Style.Plain,
    };

    // The console would break a long line itself, and then a line in a log or a pipe is two.
    private static void Line(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);

    private sealed record Column(string Name, Func<FindingRow, string> TextOf)
    {
        public bool MayWrap { get; init; }

        public bool IsMerged { get; init; }

        public Justify? Alignment { get; init; }

        public Func<FindingRow, Style>? StyleOf { get; init; }
    }
}
