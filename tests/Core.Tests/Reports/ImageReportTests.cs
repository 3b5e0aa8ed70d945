using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Reports;

public sealed class ImageReportTests
{
    private static readonly Scan Known = MadeScan.Of(
        MadeScan.Package("b", "1", MadeScan.Finding("CVE-3", Severity.Low), MadeScan.Finding("CVE-2", Severity.Critical, "2", MadeScan.V3Important)),
        MadeScan.Package(
            "a",
            "1",
            MadeScan.Finding("CVE-2", Severity.Critical, null, MadeScan.V3Important),
            MadeScan.Finding("CVE-1", Severity.Critical, "2", MadeScan.V3Critical),
            MadeScan.Finding("CVE-9", Severity.Unknown)));

    private static readonly ReportedDecision Deferred = new(DecisionKind.Deferred, "", null);

    [Fact]
    public void HasTheWorstFirst() =>
        Assert.Equal(["a CVE-1", "a CVE-2", "b CVE-2", "b CVE-3", "a CVE-9"], NamesOf(ImageReport.Of(Known, null)));

    [Fact]
    public void HasAPackageInTwoPlacesTwice()
    {
        PackageFindings At(string path) => MadeScan.Package(PackageType.Npm, "lodash", "4", path, 0, MadeScan.Finding("CVE-1", Severity.Low));

        Assert.Equal(["a", "b"], ImageReport.Of(MadeScan.Of(At("b"), At("a")), null).Findings.Select(reported => reported.Package.Path));
    }

    [Fact]
    public void CountsWhatWasDecidedAndKeepsTheFirstDecision()
    {
        ImageReport decided = ImageReport.Of(Known, null)
            .Decided(reported => reported.Finding.Cve == "CVE-2" ? Deferred : null)
            .Decided(reported => reported.Package.Name == "b" ? new ReportedDecision(DecisionKind.NotAffected, "", null) : null);

        Assert.Equal(
            [null, DecisionKind.Deferred, DecisionKind.Deferred, DecisionKind.NotAffected, null],
            decided.Findings.Select(reported => reported.Decision?.Kind));
        Assert.Equal((2, 3), (decided.WithoutDecided().Findings.Count, decided.WithoutDecided().Suppressed));
    }

    [Fact]
    public void IsNarrowedToWhatItsReaderWants()
    {
        var report = ImageReport.Of(Known, null);

        Assert.Equal(["b CVE-3", "a CVE-9"], NamesOf(new ReportFilter { Severities = new HashSet<Severity> { Severity.Low, Severity.Unknown } }.Apply(report)));
        Assert.Equal(["a CVE-1", "b CVE-2"], NamesOf(new ReportFilter { OnlyFixable = true }.Apply(report)));
        Assert.Equal(3, new ReportFilter { OnlyFixable = true }.Apply(report).Hidden);
        Assert.Equal(0, ReportFilter.Everything.Apply(report).Hidden);
    }

    [Theory]
    [InlineData("critical, HIGH", "Important,Critical")]
    [InlineData("medium,moderate,low,unknown", "Unknown,Low,Moderate")]
    [InlineData("", "")]
    public void ReadsSeveritiesInTheWordsOfStackRoxAndOfCvss(string text, string read)
    {
        Assert.True(ReportFilter.TryReadSeverities(text, out IReadOnlySet<Severity>? severities, out _));
        Assert.Equal(read, string.Join(',', severities.Order()));
    }

    [Fact]
    public void SaysWhichSeverityIsNone()
    {
        Assert.False(ReportFilter.TryReadSeverities("critical,worst", out _, out string? unknown));
        Assert.Equal("worst", unknown);
    }

    [Fact]
    public void SaysWhatItCannotKnow()
    {
        Scan scan = HostileImage.Scan();
        var report = ImageReport.Of(scan, null) with { Hidden = 1, Suppressed = 2 };

        ReportNotice[] notices = [.. ReportNotices.Of(report)];

        Assert.Contains(notices, notice => notice.Text.StartsWith("Only the small set of advisories up to 2026-01-02 ", StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.Text.StartsWith("There are no advisories about ", StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.Text.Contains("has had no fixes since 2020-01-01", StringComparison.Ordinal) || notice.Text.EndsWith('…'));
        Assert.Contains(new ReportNotice(NoticeLevel.Information, "1 finding is left out by the filter."), notices);
        Assert.Contains(new ReportNotice(NoticeLevel.Information, "2 findings are left out since somebody has decided about them."), notices);
        Assert.Empty(ReportNotices.Of(ImageReport.Of(MadeScan.Of(), null)));
        Assert.Equal(
            "No advisories were at hand: nothing was looked for.",
            Assert.Single(ReportNotices.Of(ImageReport.Of(MadeScan.Of() with { Match = MadeScan.Of().Match with { Advisories = null } }, null))).Text);
    }

    // A snapshot can be new as a whole and years old for one release.
    [Theory]
    [InlineData(30, 0)]
    [InlineData(31, 1)]
    public void SaysThatTheAdvisoriesOfTheDistributionAreOld(int days, int notices)
    {
        Scan scan = MadeScan.Of();
        Scan old = scan with { Match = scan.Match with { NewestForDistribution = scan.ScannedAt.AddDays(-days) } };

        IReadOnlyList<ReportNotice> said = ReportNotices.Of(ImageReport.Of(old, null));

        Assert.Equal(notices, said.Count);
        Assert.All(said, notice => Assert.Equal(
            (NoticeLevel.Warning, "The newest advisory about debian:12 is of 2024-10-27: what became known since then about its packages is not in this report."),
            (notice.Level, notice.Text)));
    }

    [Fact]
    public void TakesTheSameAgeForOldThatThePageDoes() => Assert.Contains(
        $"const oldDays = {ReportNotices.OldAfter.Days};", File.ReadAllText(Repository.Path("src/Core/Api/Page/words.js")), StringComparison.Ordinal);

    [Fact]
    public void SaysADecisionInOneLine()
    {
        var until = new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal("deferred until 2027-01-31: not\u00a0now".Replace('\u00a0', ' '), new ReportedDecision(DecisionKind.Deferred, "not\nnow", until).Sentence);
        Assert.Equal("false positive", new ReportedDecision(DecisionKind.FalsePositive, "", null).Sentence);
    }

    private static string[] NamesOf(ImageReport report) => [.. report.Findings.Select(reported => $"{reported.Package.Name} {reported.Finding.Cve}")];
}
