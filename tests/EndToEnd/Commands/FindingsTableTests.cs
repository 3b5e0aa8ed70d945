using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Output;
using Spectre.Console;

namespace ImageScan.EndToEnd.Commands;

public sealed class FindingsTableTests
{
    private static readonly FindingRow First = new()
    {
        Severity = Severity.Critical,
        Score = 9.8f,
        Epss = 0.123f,
        IsExploited = true,
        Cve = "CVE-2026-1001",
        Package = "openssl",
        Installed = "3.0.1",
        FixedIn = "3.0.2",
        Source = "OS",
        Layer = "4",
    };

    private static readonly FindingRow Second = First with { Severity = Severity.Low, Score = 0, Epss = null, IsExploited = false, Cve = "CVE-2026-1002", FixedIn = "" };

    [Theory]
    [InlineData(AnsiSupport.No)]
    [InlineData(AnsiSupport.Yes)]
    public void IsWholeInAPipe(AnsiSupport colours)
    {
        string[] rows = [.. Shown(TableReader.Elsewhere, width: 200, colours).Split('\n').Where(line => line.Contains("CVE-", StringComparison.Ordinal))];

        Assert.Equal(["CRITICAL", "9.8", "12.3%", "yes", "CVE-2026-1001", "openssl", "3.0.1", "3.0.2", "OS", "4"], CellsOf(rows[0]));
        Assert.Equal(["LOW", "CVE-2026-1002", "openssl", "3.0.1", "OS", "4"], CellsOf(rows[1]));
    }

    [Fact]
    public void LeavesOutInAWindowWhatTheRowAboveSays()
    {
        string[] rows = [.. Shown(TableReader.InWindow, width: 200).Split('\n').Where(line => line.Contains("CVE-", StringComparison.Ordinal))];

        Assert.Contains("openssl", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain("openssl", rows[1], StringComparison.Ordinal);
        Assert.DoesNotContain("3.0.1", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(60)]
    public void FitsTheWindow(int width)
    {
        string[] table = [.. Shown(TableReader.InWindow, width).Split('\n').SkipWhile(line => !line.Contains("Severity", StringComparison.Ordinal))];

        Assert.All(table, line => Assert.InRange(line.TrimEnd('\r').Length, 0, width));
        Assert.Contains(table, line => line.Contains("CVE-2026-1001", StringComparison.Ordinal));
        Assert.Equal(width >= 100, table[0].Contains("Layer", StringComparison.Ordinal));
    }

    [Fact]
    public void SumsUp()
    {
        Assert.Equal("2 vulnerabilities: 1 critical, 1 low; 1 fixable", FindingsTable.SummaryOf(ImageOf(First, Second)));
        Assert.Equal("No known vulnerability found.", FindingsTable.SummaryOf(ImageOf()));
        Assert.Equal(
            "Nothing found, but not everything could be looked at: see the notes.", FindingsTable.SummaryOf(ImageOf() with { Notes = ["PARTIAL_SCAN_DATA"] }));
        Assert.StartsWith("Nothing found, but only the starter set ", FindingsTable.SummaryOf(ImageOf() with { IsOfStarterSet = true }), StringComparison.Ordinal);
        Assert.EndsWith(" is past its end of life.", FindingsTable.SummaryOf(ImageOf() with { IsPastEnd = true }), StringComparison.Ordinal);
        Assert.Equal("No vulnerability of those asked for. 3 others not asked for.", FindingsTable.SummaryOf(ImageOf() with { Hidden = 3 }));
        Assert.Equal(
            "1 vulnerability: 1 low; 0 fixable. 1 suppressed; --show-suppressed shows them.", FindingsTable.SummaryOf(ImageOf(Second) with { Suppressed = 1 }));
        Assert.Equal("1 vulnerability: 1 low; 0 fixable. 1 suppressed.", FindingsTable.SummaryOf(ImageOf(First with { Decision = "deferred" }, Second)));
        Assert.Equal("No vulnerability of those asked for. 1 suppressed.", FindingsTable.SummaryOf(ImageOf(First with { Decision = "deferred" })));
    }

    private static string[] CellsOf(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ScannedImage ImageOf(params FindingRow[] rows) =>
        new(rows) { Name = "docker.io/made/image:1", Digest = "sha256:00", System = "debian:12", Components = 1, Scanner = "imagescan" };

    private static string Shown(TableReader reader, int width, AnsiSupport colours = AnsiSupport.Yes)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = width;
        FindingsTable.Write(console, ImageOf(First, Second), reader);
        return System.Text.RegularExpressions.Regex.Replace(writer.ToString(), "\u001b\\[[0-9;]*m", "");
    }
}
