using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using ImageScan.Core.Results;
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
        NotificationRules rules = NotificationRules.Of([Everything, Everything with { Name = "other" }]);

        string[] first = [.. NotificationWriting.OfScan(rules, Image(scan), before: null, "job-1").Select(told => told.Id)];
        string[] again = [.. NotificationWriting.OfScan(rules, Image(scan with { ScannedAt = scan.ScannedAt.AddSeconds(9) }), before: null, "job-1").Select(told => told.Id)];
        string[] next = [.. NotificationWriting.OfScan(rules, Image(scan), before: null, "job-2").Select(told => told.Id)];

        Assert.Equal(first, again);
        Assert.Equal(4, first.Concat(next).Distinct().Count());
        Assert.All(first, id => Assert.True(Core.Storage.NotificationStore.IsId(id)));
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
        var image = new NotifiedImage(now, now.Names, (_, cve) => cve is "CVE-8" or "CVE-9");

        Notification told = Assert.Single(NotificationWriting.OfRematch(NotificationRules.Of([Everything]), image, stored));

        Assert.Equal(NotificationOccasion.Changes, told.Occasion);
        Assert.Equal(
            ("CVE-3", "CVE-1", "CVE-2"),
            (Assert.Single(told.Findings.Listed).Cve, Assert.Single(told.Removed.Listed).Cve, Assert.Single(told.Fixed.Listed).Cve));
        Assert.Equal(2, told.Counts.Low);
    }

    [Fact]
    public void JudgesNothingThatWasHeldAgainstNoAdvisories()
    {
        NotificationRules rules =
            NotificationRules.Of([new() { Name = "gate", Type = NotificationType.AcrQuarantine, Images = "docker.io/*" }]);
        Scan scan = MadeScan.Of();

        Assert.Single(NotificationWriting.OfVerdict(rules, Image(scan), "job"));
        Assert.Empty(NotificationWriting.OfVerdict(rules, Image(scan with { Match = scan.Match with { Advisories = null } }), "job"));
    }

    private static NotifiedImage Image(Scan scan) => new(scan, [MadeScan.Reference()], (_, _) => false);
}
