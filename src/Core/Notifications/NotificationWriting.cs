using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
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
    /// <param name="before">The scan that is stored; null if there is none.</param>
    /// <param name="cause">What the scan is done for, the same however often it is tried.</param>
    public static IReadOnlyList<Notification> OfScan(NotificationRules rules, NotifiedImage image, Scan? before, string cause)
    {
        FindingSet old = before is null ? FindingSet.Empty : FindingSet.Of(before.Match);
        var now = FindingSet.Of(image.Scan.Match);
        return Of(rules, image, (rule, name, seen) =>
        {
            ChangedFinding[] all = [.. now.All.Where(finding => seen(finding) && rule.Wants(finding))];
            ChangedFinding[] added = [.. all.Where(finding => IsNewTo(rule, old, finding))];
            return rule.IsFor(NotificationOccasion.NewFindings) && added.Length > 0
                    ? new Words(NotificationOccasion.NewFindings, added, NewSince(rule, image, before))
                : rule.IsFor(NotificationOccasion.EveryScan)
                    ? new Words(NotificationOccasion.EveryScan, all, IdOf(rule.Name, name.FullName, $"{image.Scan.Id}", $"scan {cause} {AdvisoriesOf(image)}"))
                : null;
        });
    }

    /// <summary>Whether two matches of one image differ in anything that rules ask for.</summary>
    public static bool AreOther(MatchOutcome before, MatchOutcome after)
    {
        var old = FindingSet.Of(before);
        var now = FindingSet.Of(after);
        return old.All.Count != now.All.Count || old.All.Any(finding => now.Find(finding) != finding);
    }

    /// <summary>What is to be said after a stored image was matched with other advisories.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="image">The scan with its new findings.</param>
    /// <param name="stored">The scan as it is stored.</param>
    public static IReadOnlyList<Notification> OfRematch(NotificationRules rules, NotifiedImage image, Scan stored)
    {
        var old = FindingSet.Of(stored.Match);
        var now = FindingSet.Of(image.Scan.Match);
        string cause = $"match {VersionOf(stored)} {AdvisoriesOf(image)}";
        return Of(rules, image, (rule, name, seen) =>
        {
            ChangedFinding[] all = [.. now.All.Where(finding => seen(finding) && rule.Wants(finding))];
            ChangedFinding[] added = [.. all.Where(finding => IsNewTo(rule, old, finding))];
            ChangedFinding[] gone = [.. old.All.Where(finding => seen(finding) && rule.Wants(finding) && !now.Has(finding))];
            ChangedFinding[] mended = [.. all.Where(finding => finding.FixedBy is not null && old.Find(finding) is { FixedBy: null }).Except(added)];
            return rule.IsFor(NotificationOccasion.Changes) && added.Length + gone.Length + mended.Length > 0
                    ? new Words(NotificationOccasion.Changes, added, IdOf(rule.Name, name.FullName, $"{stored.Id}", cause)) { Gone = gone, Mended = mended }
                : rule.IsFor(NotificationOccasion.NewFindings) && added.Length > 0
                    ? new Words(NotificationOccasion.NewFindings, added, NewSince(rule, image, stored))
                : null;
        });
    }

    /// <summary>
    /// The verdicts that registries wait for: one for each repository that a rule means. An id begins with what it is about, so that of two verdicts the
    /// later can be told (<see cref="NotificationStore.HasNewerAsync"/>).
    /// </summary>
    /// <param name="rules">The rules.</param>
    /// <param name="image">A scan that is saved, by names with the digest of what was pushed.</param>
    /// <param name="cause">What the scan was done for, the same however often it is tried.</param>
    public static IReadOnlyList<Notification> OfVerdict(NotificationRules rules, NotifiedImage image, string cause) =>
    [
        .. image.Names.SelectMany(each => Of(rules, image with { Names = [each] }, (rule, name, seen) => rule.IsFor(NotificationOccasion.Verdict)
            ? WordsOf(rule, image, seen, IdOf(rule.Name, $"{name.Registry}/{name.Remote}", $"{name.Digest}")[..NotificationStore.TargetCharacters]
                + IdOf(cause)[NotificationStore.TargetCharacters..])
            : null)).DistinctBy(verdict => verdict.Id),
    ];

    /// <summary>A verdict by what is stored and suppressed now: newer advisories may have been asked since it was written.</summary>
    public static Notification Renewed(Notification verdict, NotificationRule rule, NotifiedImage image)
    {
        ImageReference name = image.Names[0];
        return Written(rule, image, name, WordsOf(rule, image, SeenOf(image, name), verdict.Id)) with { Image = verdict.Image };
    }

    /// <summary>What of it holds for the scan that is stored now, though perhaps not for the one that it was written for; null if nothing.</summary>
    /// <param name="notification">What was written.</param>
    /// <param name="stored">The scan that is stored.</param>
    /// <param name="isSuppressed">Whether a finding is suppressed for the image.</param>
    public static Notification? StillTrue(Notification notification, Scan stored, Func<ChangedFinding, bool> isSuppressed)
    {
        var now = FindingSet.Of(stored.Match);
        ChangedFinding[] shown = [.. now.All.Where(finding => !isSuppressed(finding))];
        ChangedFinding[] found = [.. notification.Findings.Listed.Where(finding => now.Has(finding) && !isSuppressed(finding))];
        ChangedFinding[] gone = [.. notification.Removed.Listed.Where(finding => !now.Has(finding) && !isSuppressed(finding))];
        ChangedFinding[] mended = [.. notification.Fixed.Listed.Where(finding => now.Find(finding) is { FixedBy: not null } && !isSuppressed(finding))];
        bool isLaterScanOfItsOwn = notification.Occasion is NotificationOccasion.EveryScan or NotificationOccasion.Verdict;
        return isLaterScanOfItsOwn || found.Length + gone.Length + mended.Length == 0
            ? null
            : notification with
            {
                Findings = new NotifiedFindings(found, 0),
                Removed = new NotifiedFindings(gone, 0),
                Fixed = new NotifiedFindings(mended, 0),
                Counts = FindingCounts.Of(shown),
                ScannedAt = stored.ScannedAt,
                Advisories = stored.Match.Advisories,
            };
    }

    private static List<Notification> Of(
        NotificationRules rules, NotifiedImage image, Func<NotificationRule, ImageReference, Func<ChangedFinding, bool>, Words?> say)
    {
        var notifications = new List<Notification>();
        foreach (NotificationRule rule in rules.All)
        {
            if (image.Names.FirstOrDefault(rule.Images.Fits) is { } name && say(rule, name, SeenOf(image, name)) is { } words)
            {
                notifications.Add(Written(rule, image, name, words));
            }
        }

        return notifications;
    }

    private static Func<ChangedFinding, bool> SeenOf(NotifiedImage image, ImageReference name) => finding => !image.IsSuppressed(name, finding);

    // One that was known, but not bad enough, or had no fix where only fixable ones are asked for, was never told.
    private static bool IsNewTo(NotificationRule rule, FindingSet old, ChangedFinding finding) =>
        !(old.Find(finding) is { } before && rule.Wants(before));

    private static Words WordsOf(NotificationRule rule, NotifiedImage image, Func<ChangedFinding, bool> seen, string id) =>
        new(NotificationOccasion.Verdict, [.. FindingSet.Of(image.Scan.Match).All.Where(finding => seen(finding) && rule.Wants(finding))], id);

    private static Notification Written(NotificationRule rule, NotifiedImage image, ImageReference name, Words words)
    {
        Scan scan = image.Scan;
        ChangedFinding[] shown = [.. FindingSet.Of(scan.Match).All.Where(finding => !image.IsSuppressed(name, finding))];
        return new Notification
        {
            Id = words.Id,
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

    // Neither the job nor the name is part of it: of an index and of its image, scanned at once, both find the same to be new.
    private static string NewSince(NotificationRule rule, NotifiedImage image, Scan? before) =>
        IdOf(rule.Name, $"{image.Scan.Id}", $"new {VersionOf(before)} {AdvisoriesOf(image)}");

    private static string VersionOf(Scan? scan) => scan is null ? "none" : scan.ScannedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static string? AdvisoriesOf(NotifiedImage image) => image.Scan.Match.Advisories?.Id;

    // No part of it has a NUL: names of images and of rules have no control characters.
    private static string IdOf(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..32];

    private sealed record Words(NotificationOccasion Occasion, IReadOnlyCollection<ChangedFinding> Findings, string Id)
    {
        public IReadOnlyCollection<ChangedFinding> Gone { get; init; } = [];

        public IReadOnlyCollection<ChangedFinding> Mended { get; init; } = [];
    }
}
