using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications;

/// <summary>What forms for people say in the same words; it has texts of images in it as they are.</summary>
internal static class NotificationText
{
    private const int NameCharacters = 300;

    /// <summary>What has happened, without any text of the image.</summary>
    public static string TitleOf(Notification notification) => notification.Occasion switch
    {
        NotificationOccasion.NewFindings => Counted(notification.Findings.Total, "new finding"),
        NotificationOccasion.Changes => $"Newer advisories: {Counted(notification.Findings.Total, "new finding")}, "
            + $"{notification.Removed.Total} gone, {notification.Fixed.Total} with a fix now",
        _ => $"Scanned: {Counted(notification.Findings.Total, "finding")}",
    };

    public static string ImageOf(Notification notification) => HostileText.Plain(notification.Image, NameCharacters);

    public static string CountsOf(Notification notification)
    {
        FindingCounts counts = notification.Counts;
        string partial = notification.IsPartial ? "; not all of the image could be read or compared" : "";
        return $"{counts.Critical} critical, {counts.Important} important, {counts.Moderate} moderate, {counts.Low} low, {counts.Unknown} unknown; "
            + $"{counts.Fixable} fixable{partial}";
    }

    /// <summary>One finding as <c>CRITICAL CVE-2026-1 openssl 3.0.1, fixed by 3.0.2</c>.</summary>
    public static string LineOf(ChangedFinding finding)
    {
        string fix = finding.FixedBy is { } version ? $", fixed by {version}" : "";
        return $"{NotificationJson.WordOf(finding.Severity)} {finding.Cve} {finding.Package} {finding.Version}{fix}";
    }

    public static string WhenOf(Notification notification)
    {
        string advisories = notification.Advisories switch
        {
            null => "without advisories",
            { IsStarterSet: true } => "advisories: only the starter set",
            { } origin => string.Create(CultureInfo.InvariantCulture, $"advisories of {origin.BuiltAt:u}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{notification.Digest} {notification.Platform}, scanned {notification.ScannedAt:u}, {advisories}");
    }

    /// <summary>The lists of a notification that have something in them, each with its heading.</summary>
    public static IEnumerable<(string Heading, NotifiedFindings Findings)> ListsOf(Notification notification)
    {
        (string Heading, NotifiedFindings Findings)[] lists =
        [
            (notification.Occasion == NotificationOccasion.EveryScan ? "Findings" : "New", notification.Findings),
            ("Gone", notification.Removed),
            ("Have a fix now", notification.Fixed),
        ];
        return lists.Where(list => list.Findings.Total > 0);
    }

    private static string Counted(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
