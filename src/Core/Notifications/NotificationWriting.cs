using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Notifications;

/// <summary>Works out what the rules have to say of an image. Asks nobody and keeps nothing: the same image gives the same words.</summary>
public static class NotificationWriting
{
    private const int MostFindings = 100;
    private const int MostChanges = 50;

    /// <summary>What is to be said after a scan.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="image">The scan that is about to be saved.</param>
    /// <param name="before">The findings that are stored; null if the image is not.</param>
    /// <param name="cause">What the scan is done for, the same however often it is tried.</param>
    public static IReadOnlyList<Notification> OfScan(NotificationRules rules, NotifiedImage image, MatchOutcome? before, string cause)
    {
        FindingSet old = before is null ? FindingSet.Empty : FindingSet.Of(before);
        var now = FindingSet.Of(image.Scan.Match);
        string id = $"scan {cause} {image.Scan.Match.Advisories?.Id}";
        return Of(rules, image, id, (rule, seen) =>
        {
            ChangedFinding[] added = [.. now.All.Where(finding => seen(finding) && rule.Wants(finding) && !old.Has(finding))];
            ChangedFinding[] all = [.. now.All.Where(finding => seen(finding) && rule.Wants(finding))];
            return rule.IsFor(NotificationOccasion.NewFindings) && added.Length > 0 ? new Words(NotificationOccasion.NewFindings, added)
                : rule.IsFor(NotificationOccasion.EveryScan) ? new Words(NotificationOccasion.EveryScan, all)
                : null;
        });
    }

    /// <summary>What is to be said after a stored image was matched with other advisories.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="image">The scan with its new findings.</param>
    /// <param name="stored">The scan as it is stored.</param>
    public static IReadOnlyList<Notification> OfRematch(NotificationRules rules, NotifiedImage image, Scan stored)
    {
        var old = FindingSet.Of(stored.Match);
        var now = FindingSet.Of(image.Scan.Match);
        string id = string.Create(CultureInfo.InvariantCulture, $"match {stored.ScannedAt.UtcTicks} {image.Scan.Match.Advisories?.Id}");
        return Of(rules, image, id, (rule, seen) =>
        {
            ChangedFinding[] added = [.. now.All.Where(finding => seen(finding) && rule.Wants(finding) && !old.Has(finding))];
            ChangedFinding[] gone = [.. old.All.Where(finding => seen(finding) && rule.Wants(finding) && !now.Has(finding))];
            ChangedFinding[] mended =
                [.. now.All.Where(finding => seen(finding) && rule.Wants(finding) && finding.FixedBy is not null && old.Find(finding) is { FixedBy: null })];
            return rule.IsFor(NotificationOccasion.Changes) && added.Length + gone.Length + mended.Length > 0
                    ? new Words(NotificationOccasion.Changes, added) { Gone = gone, Mended = mended }
                : rule.IsFor(NotificationOccasion.NewFindings) && added.Length > 0 ? new Words(NotificationOccasion.NewFindings, added)
                : null;
        });
    }

    /// <summary>
    /// The verdicts that registries wait for. None without advisories: of an image that was held against nothing nobody can say that it is good.
    /// </summary>
    /// <param name="rules">The rules.</param>
    /// <param name="image">A scan that is saved.</param>
    /// <param name="cause">What the scan was done for, the same however often it is tried.</param>
    public static IReadOnlyList<Notification> OfVerdict(NotificationRules rules, NotifiedImage image, string cause)
    {
        if (image.Scan.Match.Advisories is null)
        {
            return [];
        }

        var now = FindingSet.Of(image.Scan.Match);
        string id = $"verdict {cause} {image.Scan.Match.Advisories.Id}";
        return Of(rules, image, id, (rule, seen) => rule.IsFor(NotificationOccasion.Verdict)
            ? new Words(NotificationOccasion.Verdict, [.. now.All.Where(finding => seen(finding) && rule.Wants(finding))])
            : null);
    }

    /// <summary>What of it holds for the scan that is stored now, though perhaps not for the one that it was written for; null if nothing.</summary>
    public static Notification? StillTrue(Notification notification, Scan stored)
    {
        var now = FindingSet.Of(stored.Match);
        ChangedFinding[] found = [.. notification.Findings.Listed.Where(now.Has)];
        ChangedFinding[] gone = [.. notification.Removed.Listed.Where(finding => !now.Has(finding))];
        ChangedFinding[] mended = [.. notification.Fixed.Listed.Where(finding => now.Find(finding) is { FixedBy: not null })];
        bool isLaterScanOfItsOwn = notification.Occasion is NotificationOccasion.EveryScan or NotificationOccasion.Verdict;
        return isLaterScanOfItsOwn || found.Length + gone.Length + mended.Length == 0
            ? null
            : notification with
            {
                Findings = new NotifiedFindings(found, 0),
                Removed = new NotifiedFindings(gone, 0),
                Fixed = new NotifiedFindings(mended, 0),
                Counts = FindingCounts.Of(now.All),
                ScannedAt = stored.ScannedAt,
                Advisories = stored.Match.Advisories,
            };
    }

    private static List<Notification> Of(
        NotificationRules rules, NotifiedImage image, string cause, Func<NotificationRule, Func<ChangedFinding, bool>, Words?> say)
    {
        var notifications = new List<Notification>();
        foreach (NotificationRule rule in rules.All)
        {
            if (image.Names.FirstOrDefault(rule.Images.Fits) is { } name
                && say(rule, finding => !image.IsSuppressed(name, finding.Cve)) is { } words)
            {
                notifications.Add(Written(rule, image, name, words, cause));
            }
        }

        return notifications;
    }

    private static Notification Written(NotificationRule rule, NotifiedImage image, ImageReference name, Words words, string cause)
    {
        Scan scan = image.Scan;
        ChangedFinding[] shown = [.. FindingSet.Of(scan.Match).All.Where(finding => !image.IsSuppressed(name, finding.Cve))];
        return new Notification
        {
            Id = IdOf(rule.Name, name.FullName, scan.Id.ToString(), cause),
            Rule = rule.Name,
            Occasion = words.Occasion,
            Image = name.FullName,
            Digest = scan.Id,
            Platform = scan.Platform.ToString(),
            ScannedAt = scan.ScannedAt,
            Advisories = scan.Match.Advisories,
            IsPartial = scan.Inventory.Warnings.Count > 0 || scan.Match.Warnings.Count > 0 || !scan.Match.CoversDistribution || !scan.Match.CoversLanguages,
            Counts = FindingCounts.Of(shown),
            Findings = NotifiedFindings.Of(words.Findings, MostFindings),
            Removed = NotifiedFindings.Of(words.Gone, MostChanges),
            Fixed = NotifiedFindings.Of(words.Mended, MostChanges),
        };
    }

    // No part of it has a NUL: names of images and of rules have no control characters.
    private static string IdOf(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..32];

    private sealed record Words(NotificationOccasion Occasion, IReadOnlyCollection<ChangedFinding> Findings)
    {
        public IReadOnlyCollection<ChangedFinding> Gone { get; init; } = [];

        public IReadOnlyCollection<ChangedFinding> Mended { get; init; } = [];
    }
}
