using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Api.Badges;

/// <summary>A badge: two short texts and a colour.</summary>
/// <param name="Label">What it is about.</param>
/// <param name="Message">What there is to say.</param>
/// <param name="Color">How bad it is.</param>
public sealed record Badge(string Label, string Message, BadgeColor Color)
{
    /// <summary>What it is about unless the caller says.</summary>
    public const string UsualLabel = "vulnerabilities";

    private const int MaxLabelCharacters = 40;

    private static readonly (Severity Severity, string Letter, BadgeColor Color)[] Grades =
    [
        (Severity.Critical, "C", BadgeColor.Red),
        (Severity.Important, "H", BadgeColor.Orange),
        (Severity.Moderate, "M", BadgeColor.Yellow),
        (Severity.Low, "L", BadgeColor.YellowGreen),
        (Severity.Unknown, "?", BadgeColor.LightGrey),
    ];

    /// <summary>
    /// The badge of an image: how many CVEs of each severity it has that are not suppressed, a CVE of several packages once, by its worst; the worst
    /// decides the colour. An image without any is green only if everything could be looked at.
    /// </summary>
    /// <param name="scan">The image.</param>
    /// <param name="suppression">What was decided about it.</param>
    /// <param name="label">What the caller wants on the left; "" for the usual. Hostile.</param>
    public static Badge Of(Scan scan, ImageSuppression suppression, string label)
    {
        string left = label.Length == 0 ? UsualLabel : HostileText.Plain(label, MaxLabelCharacters);
        Severity[] worst =
        [
            .. Component.AllOf(scan.Match)
                .SelectMany(component => component.Findings.Where(finding =>
                    suppression.Of(component.Name, component.Version, finding.Cve) is { Snooze: null, State: null }))
                .GroupBy(finding => finding.Cve, finding => finding.Severity, StringComparer.Ordinal)
                .Select(cve => cve.Max()),
        ];
        if (worst.Length > 0)
        {
            string counts = string.Join(' ', Grades
                .Select(grade => (Count: worst.Count(severity => severity == grade.Severity), grade.Letter))
                .Where(grade => grade.Count > 0)
                .Select(grade => grade.Count.ToString(CultureInfo.InvariantCulture) + grade.Letter));
            return new Badge(left, counts, Grades.First(grade => grade.Severity == worst.Max()).Color);
        }

        // StackRox has no note for advisories that are few or old, nor for a release past its end, of which reports do warn.
        return ScanNotes.Of(scan).Count == 0 && !ReportNotices.AreWarnings(scan)
            ? new Badge(left, "none known", BadgeColor.BrightGreen)
            : new Badge(left, "not all known", BadgeColor.LightGrey);
    }
}

/// <summary>
/// A colour of a badge, by the names that shields.io has for them (https://shields.io/badges/static-badge); ours are darker, so that white letters on
/// them have the contrast that WCAG asks for (https://www.w3.org/TR/WCAG22/#contrast-minimum).
/// </summary>
/// <param name="Name">What shields.io calls it.</param>
/// <param name="Fill">What it is in our image.</param>
public sealed record BadgeColor(string Name, string Fill)
{
    public static readonly BadgeColor Red = new("red", "#b00020");
    public static readonly BadgeColor Orange = new("orange", "#a84300");
    public static readonly BadgeColor Yellow = new("yellow", "#7d5e00");
    public static readonly BadgeColor YellowGreen = new("yellowgreen", "#56691a");
    public static readonly BadgeColor BrightGreen = new("brightgreen", "#1f7a33");
    public static readonly BadgeColor LightGrey = new("lightgrey", "#5f6672");
}
