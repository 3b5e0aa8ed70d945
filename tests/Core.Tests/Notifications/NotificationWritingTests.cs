using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Notifications;

public sealed class NotificationWritingTests
{
    private static readonly NotificationSettings Everything = new()
    {
        Name = "team",
        Url = "https://hooks.example.com",
        Secret = "sixteen characters and more",
        MinSeverity = Severity.Unknown,
    };

    [Fact]
    public void GivesTheSameStepTheSameIdAndEveryOtherAnother()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical)));
        NotificationRules rules = NotificationRules.Of([Everything with { On = "EveryScan" }, Everything with { Name = "other", On = "EveryScan" }]);

        string[] first = [.. NotificationWriting.OfScan(rules, Image(scan), before: null, "job-1").Select(told => told.Id)];
        string[] again = [.. NotificationWriting.OfScan(rules, Image(scan with { ScannedAt = scan.ScannedAt.AddSeconds(9) }), before: null, "job-1").Select(told => told.Id)];
        string[] next = [.. NotificationWriting.OfScan(rules, Image(scan), before: null, "job-2").Select(told => told.Id)];

        Assert.Equal(first, again);
        Assert.Equal(4, first.Concat(next).Distinct().Count());
        Assert.All(first, id => Assert.True(NotificationStore.IsId(id)));
    }

    // As with an index and its image, which two instances scan at once.
    [Fact]
    public void TellsNewFindingsOfOneImageOnceWhoeverFindsThem()
    {
        Scan scan = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical)));
        NotificationRules rules = NotificationRules.Of([Everything]);
        NotifiedImage sameImage = Image(scan) with { Names = [MadeScan.Reference(tag: "other")] };
        Scan before = MadeScan.Of();

        string first = Assert.Single(NotificationWriting.OfScan(rules, Image(scan), before: null, "job-1")).Id;
        string again = Assert.Single(NotificationWriting.OfScan(rules, sameImage, before: null, "job-2")).Id;
        string later = Assert.Single(NotificationWriting.OfScan(rules, Image(scan), before, "job-1")).Id;

        Assert.Equal(first, again);
        Assert.NotEqual(first, later);
        Assert.Equal(later, Assert.Single(NotificationWriting.OfRematch(NotificationRules.Of([Everything with { On = "NewFindings" }]), Image(scan), before)).Id);
    }

    [Theory]
    [InlineData(Severity.Unknown, null, Severity.Critical, null, false, true)]
    [InlineData(Severity.Important, null, Severity.Critical, null, false, false)]
    [InlineData(Severity.Critical, null, Severity.Critical, "2", false, false)]
    [InlineData(Severity.Critical, null, Severity.Critical, "2", true, true)]
    public void TellsOfAFindingOnceItIsOneThatTheRuleAsksFor(
        Severity was, string? fixWas, Severity severity, string? fixedBy, bool fixableOnly, bool expected)
    {
        Scan before = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", was, fixWas)));
        Scan now = MadeScan.Of(MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", severity, fixedBy)));
        NotificationRules rules = NotificationRules.Of(
            [Everything with { MinSeverity = Severity.Important, FixableOnly = fixableOnly, On = "NewFindings" }]);

        Assert.True(NotificationWriting.AreOther(before.Match, now.Match));
        Assert.Equal(expected, NotificationWriting.OfRematch(rules, Image(now), before) is [{ Findings.Total: 1 }]);
        Assert.Equal(expected, NotificationWriting.OfScan(rules, Image(now), before, "job") is [{ Findings.Total: 1 }]);
        Assert.False(NotificationWriting.AreOther(now.Match, now.Match));
    }

    [Fact]
    public void TellsOfAReplacedScanNothingThatIsSuppressedBy()
    {
        Scan scan = MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Critical), MadeScan.Finding("CVE-2", Severity.Critical)));
        Notification told = Assert.Single(NotificationWriting.OfScan(NotificationRules.Of([Everything]), Image(scan), before: null, "job"));

        Notification? still = NotificationWriting.StillTrue(told, scan, finding => finding.Cve == "CVE-1");

        Assert.Equal(["CVE-2"], still!.Findings.Listed.Select(finding => finding.Cve));
        Assert.Equal(1, still.Counts.Critical);
        Assert.Null(NotificationWriting.StillTrue(told, scan, _ => true));
    }

    [Fact]
    public void ListsTheWorstAndCountsTheRest()
    {
        Finding[] findings = [.. Enumerable.Range(0, 2_500).Select(i => MadeScan.Finding($"CVE-{i:d4}", i % 2 == 0 ? Severity.Low : Severity.Critical))];
        Scan scan = MadeScan.Of(MadeScan.Package("linux", "1", findings));

        Notification told = Assert.Single(NotificationWriting.OfScan(NotificationRules.Of([Everything]), Image(scan), before: null, "job"));

        Assert.Equal((100, 2_400), (told.Findings.Listed.Count, told.Findings.More));
        Assert.All(told.Findings.Listed, finding => Assert.Equal(Severity.Critical, finding.Severity));
        Assert.Equal((1_250, 1_250), (told.Counts.Critical, told.Counts.Low));
    }

    [Fact]
    public void BoundsWhatHostileImagesSay()
    {
        Finding finding = MadeScan.Finding(new string('C', 9_000), Severity.Critical, fixedBy: new string('9', 9_000));
        Scan scan = MadeScan.Of(MadeScan.Package(new string('\u202e', 9_000), new string('1', 9_000), finding));

        Notification told = Assert.Single(NotificationWriting.OfScan(NotificationRules.Of([Everything]), Image(scan), before: null, "job"));

        ChangedFinding listed = Assert.Single(told.Findings.Listed);
        Assert.InRange(listed.Cve.Length + listed.Package.Length + listed.Version.Length + listed.FixedBy!.Length, 1, 480);
        Assert.DoesNotContain('\u202e', listed.Package);
    }

    [Fact]
    public void TellsWhatCameWentAndGotAFixButNothingThatIsSuppressed()
    {
        Scan stored = MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-1", Severity.Low), MadeScan.Finding("CVE-2", Severity.Low), MadeScan.Finding("CVE-9", Severity.Low)));
        Scan now = MadeScan.Of(
            MadeScan.Package("a", "1", MadeScan.Finding("CVE-2", Severity.Low, "2"), MadeScan.Finding("CVE-3", Severity.Low), MadeScan.Finding("CVE-8", Severity.Low)));
        var image = new NotifiedImage(now, now.Names, (_, finding) => finding.Cve is "CVE-8" or "CVE-9");

        Notification told = Assert.Single(NotificationWriting.OfRematch(NotificationRules.Of([Everything]), image, stored));

        Assert.Equal(NotificationOccasion.Changes, told.Occasion);
        Assert.Equal(
            ("CVE-3", "CVE-1", "CVE-2"),
            (Assert.Single(told.Findings.Listed).Cve, Assert.Single(told.Removed.Listed).Cve, Assert.Single(told.Fixed.Listed).Cve));
        Assert.Equal(2, told.Counts.Low);
    }

    [Fact]
    public void JudgesEachRepositoryAndTellsVerdictsOnOneApart()
    {
        NotificationRules rules = NotificationRules.Of([new() { Name = "gate", Type = NotificationType.AcrQuarantine, Images = "a.azurecr.io/*" }]);
        ImageReference Named(string repository, string tag) => MadeScan.Reference("a.azurecr.io", repository, tag, MadeScan.DigestOf("index"));
        var image = new NotifiedImage(MadeScan.Of(), [Named("web", "1"), Named("web", "2"), Named("shop", "1"), MadeScan.Reference()], (_, _) => false);

        string[] first = [.. NotificationWriting.OfVerdict(rules, image, "job-1").Select(verdict => verdict.Id)];
        string[] second = [.. NotificationWriting.OfVerdict(rules, image, "job-2").Select(verdict => verdict.Id)];

        Assert.Equal(2, first.Length);
        Assert.Equal(4, first.Concat(second).Distinct().Count());
        Assert.Equal(2, first.Concat(second).Select(id => id[..NotificationStore.TargetCharacters]).Distinct().Count());
        Assert.All(first, id => Assert.True(NotificationStore.IsId(id)));
    }

    private static NotifiedImage Image(Scan scan) => new(scan, [MadeScan.Reference()], (_, _) => false);
}
