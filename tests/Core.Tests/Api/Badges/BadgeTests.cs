using System.Text;
using System.Xml.Linq;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Api.Badges;

public sealed class BadgeTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void CountsEachCveOnceByItsWorst()
    {
        Scan scan = MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low), MadeScan.Finding("CVE-2", Severity.Moderate)),
            MadeScan.Package("b", "1", MadeScan.Finding("CVE-1", Severity.Critical), MadeScan.Finding("CVE-3", Severity.Unknown)));

        var badge = Badge.Of(scan, ImageSuppression.None, "");

        Assert.Equal(new Badge("vulnerabilities", "1C 1M 1?", BadgeColor.Red), badge);
    }

    [Fact]
    public void IsGreenOnlyWhereEverythingWasLookedAt()
    {
        Scan clean = MadeScan.Of(MadeScan.Package("a"));
        Scan partial = clean with { Inventory = clean.Inventory with { Warnings = [new InventoryWarning("x", "broken")] } };
        Scan without = clean with { Match = clean.Match with { Advisories = null, CoversDistribution = false } };

        Assert.Equal(("none known", BadgeColor.BrightGreen), Shown(clean));
        Assert.Equal(("not all known", BadgeColor.LightGrey), Shown(partial));
        Assert.Equal(("not all known", BadgeColor.LightGrey), Shown(without));
    }

    [Fact]
    public void IsNotGreenWhereAReportWarns()
    {
        Scan clean = MadeScan.Of(MadeScan.Package("a"));
        MatchOutcome match = clean.Match;
        Scan starter = clean with { Match = match with { Advisories = match.Advisories! with { IsStarterSet = true } } };
        Scan ended = clean with { Match = match with { Ended = new EndOfLife(new DateOnly(2020, 1, 1), null, "https://example.org/") } };
        Scan old = clean with { Match = match with { NewestForDistribution = MadeScan.ScannedAt.AddDays(-31) } };

        Assert.All((Scan[])[starter, ended, old], scan => Assert.Equal(("not all known", BadgeColor.LightGrey), Shown(scan)));
    }

    [Fact]
    public void LeavesOutWhatIsSnoozed()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical), MadeScan.Finding("CVE-2", Severity.Low)));
        DateTimeOffset now = MadeScan.ScannedAt;
        var set = new SuppressionSet([new Snooze("CVE-1", now, now.AddDays(1))], []);

        Assert.Equal("1L", Badge.Of(scan, set.For(MadeScan.Reference(), now), "").Message);
        Assert.Equal("1C 1L", Badge.Of(scan, set.For(MadeScan.Reference(), now.AddDays(1)), "").Message);
    }

    [Theory]
    [InlineData("</text><script>alert(1)</script>")]
    [InlineData("\"onload=\"alert(1)")]
    [InlineData("a\u001b\u202e\ud800\ufffe]]>&amp;")]
    public void DrawsAnyLabelAsText(string label)
    {
        var badge = Badge.Of(MadeScan.Of(), ImageSuppression.None, label);

        XDocument image = XDocument.Parse(Encoding.UTF8.GetString(BadgeImage.Draw(badge)));

        Assert.Equal(["g", "rect", "rect", "svg", "text", "text", "title"], image.Descendants().Select(element => element.Name.LocalName).Order());
        Assert.Equal(badge.Label, image.Descendants(Svg + "text").First().Value);
        Assert.Equal($"{badge.Label}: {badge.Message}", image.Root!.Attribute("aria-label")!.Value);
        Assert.DoesNotContain(image.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void CutsALongLabel() => Assert.InRange(Badge.Of(MadeScan.Of(), ImageSuppression.None, new string('x', 10_000)).Label.Length, 1, 41);

    // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: 4.5 is what small text needs.
    [Fact]
    public void HasColoursThatWhiteLettersCanBeReadOn() => Assert.All(
        new[] { BadgeColor.Red, BadgeColor.Orange, BadgeColor.Yellow, BadgeColor.YellowGreen, BadgeColor.BrightGreen, BadgeColor.LightGrey },
        color => Assert.True(1.05 / (LuminanceOf(color.Fill) + 0.05) >= 4.5, color.ToString()));

    private static (string, BadgeColor) Shown(Scan scan)
    {
        var badge = Badge.Of(scan, ImageSuppression.None, "");
        return (badge.Message, badge.Color);
    }

    private static double LuminanceOf(string fill)
    {
        double[] parts = [.. Convert.FromHexString(fill[1..]).Select(part => part / 255.0).Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
