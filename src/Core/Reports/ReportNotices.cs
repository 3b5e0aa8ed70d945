using System.Globalization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>What a report says about its own limits, so that an empty one is not taken for more than it is.</summary>
public static class ReportNotices
{
    // An image may have thousands of files that cannot be read; who wants all of them asks for the inventory.
    private const int MostWarnings = 100;

    /// <summary>What age of the newest advisory is worth a word, as on the page (<c>words.js</c>).</summary>
    internal static readonly TimeSpan OldAfter = TimeSpan.FromDays(30);

    /// <summary>The longest sentence.</summary>
    internal const int MaxCharacters = 500;

    /// <summary>The sentences, each one line of harmless text; empty if there is nothing to say.</summary>
    public static IReadOnlyList<ReportNotice> Of(ImageReport report) =>
    [
        .. GapsOf(report.Scan).Concat(WarningsOf(report.Scan)).Select(text => new ReportNotice(NoticeLevel.Warning, ReportText.Line(text, MaxCharacters))),
        .. LeftOut(report).Select(text => new ReportNotice(NoticeLevel.Information, text)),
    ];

    /// <summary>Whether a report of this scan warns that something may be missing.</summary>
    public static bool AreWarnings(Scan scan) => GapsOf(scan).Concat(WarningsOf(scan)).Any();

    private static IEnumerable<string> GapsOf(Scan scan)
    {
        MatchOutcome match = scan.Match;
        Distribution? system = scan.Inventory.Distribution;
        if (match.Advisories is not { } advisories)
        {
            yield return "No advisories were at hand: nothing was looked for.";
            yield break;
        }

        if (advisories.IsStarterSet)
        {
            yield return $"Only the small set of advisories up to {ReportText.Day(advisories.AsOf)} that comes with the "
                + "program was asked: most vulnerabilities are not in it.";
        }

        if (system is null)
        {
            yield return "No operating system could be told, so its packages were held against no advisories.";
        }
        else if (!match.CoversDistribution)
        {
            yield return $"There are no advisories about {OperatingSystems.NameOf(system)}: that nothing was found for its packages means nothing.";
        }

        // A snapshot can be new as a whole and years old for one release.
        if (match.NewestForDistribution is { } newest && scan.ScannedAt - newest > OldAfter)
        {
            yield return $"The newest advisory about {OperatingSystems.NameOf(system)} is of {ReportText.Day(newest)}: what became known since then about its "
                + "packages is not in this report.";
        }

        if (!match.CoversLanguages)
        {
            yield return "There are no advisories about some of the languages of whose packages the image has some.";
        }

        if (match.Ended is { } ended && system is not null)
        {
            string release = system.Name.Length > 0 ? system.Name : $"{system.Id} {system.VersionId}";
            yield return ended.Sentence(release, DateOnly.FromDateTime(scan.ScannedAt.UtcDateTime));
        }
    }

    private static IEnumerable<string> WarningsOf(Scan scan)
    {
        InventoryWarning[] warnings = [.. scan.Inventory.Warnings, .. scan.Match.Warnings];
        IEnumerable<string> said = warnings.Take(MostWarnings)
            .Select(warning => warning.Path.Length > 0 ? $"{warning.Path}: {warning.Reason}" : warning.Reason);
        return warnings.Length <= MostWarnings ? said : said.Append(string.Create(
            CultureInfo.InvariantCulture, $"{warnings.Length - MostWarnings} more warnings of the kind are left out here."));
    }

    private static IEnumerable<string> LeftOut(ImageReport report)
    {
        if (report.Hidden > 0)
        {
            yield return $"{Findings(report.Hidden)} left out by the filter.";
        }

        if (report.Suppressed > 0)
        {
            yield return $"{Findings(report.Suppressed)} left out since somebody has decided about them.";
        }
    }

    private static string Findings(int count) =>
        count == 1 ? "1 finding is" : string.Create(CultureInfo.InvariantCulture, $"{count} findings are");
}

/// <summary>One sentence of a report about itself.</summary>
public sealed record ReportNotice(NoticeLevel Level, string Text);

/// <summary>How much a notice matters.</summary>
public enum NoticeLevel
{
    /// <summary>Something is not in the report because its reader wanted it so.</summary>
    Information,

    /// <summary>Something may be missing.</summary>
    Warning,
}
