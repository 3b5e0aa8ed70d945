using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Vulnerabilities;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.Time.Testing;
using static ImageScan.EndToEnd.Suppression.Deployment;
using StoredScans = ImageScan.EndToEnd.Storage.Scans;

namespace ImageScan.EndToEnd.Suppression;

public sealed class ExceptionSweepTests : IDisposable
{
    private static readonly ExceptionScope Made = new("docker.io", "library/made", ExceptionScope.Any);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly Deployment _deployment;

    public ExceptionSweepTests(SharedAzurite azurite) => _deployment = new Deployment(azurite, ScanApp.NewPrefix(), _time, new RetentionSettings { ExceptionDays = 90 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _deployment.Dispose();

    [Fact]
    public async Task MarksWhatIsOver()
    {
        string over = await _deployment.ApprovedAsync(Until(_time.GetUtcNow().AddSeconds(2), "CVE-1"));
        string later = await _deployment.ApprovedAsync(Until(_time.GetUtcNow().AddSeconds(3), "CVE-2"));
        string pending = await _deployment.AskAsync(Until(_time.GetUtcNow().AddSeconds(2), "CVE-3"));
        _time.Advance(TimeSpan.FromSeconds(2));

        int ended = await _deployment.Sweep.RunAsync(Token);
        int again = await _deployment.Sweep.RunAsync(Token);

        Assert.Equal((1, 0), (ended, again));
        VulnerabilityException marked = await _deployment.GetAsync(over);
        Assert.Equal((ExceptionStatus.Approved, true, _time.GetUtcNow()), (marked.Status, marked.IsExpired, marked.LastUpdated));
        Assert.Equal(("[System Generated] Request expired", null), (marked.Comments[^1].Message, marked.Comments[^1].Author));
        Assert.False((await _deployment.GetAsync(later)).IsExpired);
        Assert.False((await _deployment.GetAsync(pending)).IsExpired);
    }

    [Fact]
    public async Task EndsWhatWaitsForOneFixOnceThereIsOne()
    {
        string id = await _deployment.ApprovedAsync(UntilFixed(ExceptionExpiryKind.AnyCveFixable, Made, "CVE-1", "CVE-2"));
        await SaveAsync("a", fixable: ["CVE-9"], unfixable: ["CVE-1", "CVE-2"]);

        int before = await _deployment.Sweep.RunAsync(Token);
        await SaveAsync("b", fixable: ["CVE-1"], unfixable: []);
        int after = await _deployment.Sweep.RunAsync(Token);

        Assert.Equal((0, 1), (before, after));
        Assert.True((await _deployment.GetAsync(id)).IsExpired);
        Assert.Null(await _deployment.StateOfAsync("CVE-1", _time));
    }

    [Fact]
    public async Task EndsWhatWaitsForAllFixesOnceTheyAreThere()
    {
        string id = await _deployment.ApprovedAsync(UntilFixed(ExceptionExpiryKind.AllCveFixable, Made, "CVE-1", "CVE-2"));
        await SaveAsync("a", fixable: ["CVE-1"], unfixable: ["CVE-2"]);

        int before = await _deployment.Sweep.RunAsync(Token);
        await SaveAsync("b", fixable: ["CVE-2"], unfixable: []);
        int after = await _deployment.Sweep.RunAsync(Token);

        Assert.Equal((0, 1), (before, after));
        Assert.True((await _deployment.GetAsync(id)).IsExpired);
    }

    [Fact]
    public async Task LooksForFixesOnlyInItsImages()
    {
        await SaveAsync("a", fixable: ["CVE-1"], unfixable: []);
        string elsewhere = await _deployment.ApprovedAsync(UntilFixed(ExceptionExpiryKind.AnyCveFixable, new ExceptionScope("docker.io", "library/other", ".*"), "CVE-1"));
        string otherTag = await _deployment.ApprovedAsync(UntilFixed(ExceptionExpiryKind.AnyCveFixable, Made with { Tag = "2" }, "CVE-1"));
        string everywhere = await _deployment.ApprovedAsync(UntilFixed(ExceptionExpiryKind.AnyCveFixable, ExceptionScope.AllImages, "CVE-1"));

        int ended = await _deployment.Sweep.RunAsync(Token);

        Assert.Equal(1, ended);
        Assert.True((await _deployment.GetAsync(everywhere)).IsExpired);
        Assert.False((await _deployment.GetAsync(elsewhere)).IsExpired);
        Assert.False((await _deployment.GetAsync(otherTag)).IsExpired);
    }

    [Fact]
    public async Task ForgetsWhatHasLongBeenOver()
    {
        string closed = await _deployment.AskAsync(Deferral("CVE-1"));
        await _deployment.Exceptions.CancelAsync(closed, Ann, Token);
        string inForce = await _deployment.ApprovedAsync(Deferral("CVE-2"));
        await _deployment.Snoozes.BeginAsync(["CVE-3"], TimeSpan.FromDays(1), Token);

        _time.Advance(TimeSpan.FromDays(89));
        await _deployment.Sweep.RunAsync(Token);
        VulnerabilityException? kept = await _deployment.Exceptions.FindAsync(closed, Token);
        _time.Advance(TimeSpan.FromDays(2));
        await _deployment.Sweep.RunAsync(Token);

        Assert.NotNull(kept);
        Assert.Null(await _deployment.Exceptions.FindAsync(closed, Token));
        Assert.NotNull(await _deployment.Exceptions.FindAsync(inForce, Token));
        Assert.Equal(0, (await _deployment.Suppressions.CurrentAsync(Token)).Snoozed);
    }

    private static NewException Until(DateTimeOffset end, params string[] cves) =>
        Deferral(cves) with { Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, end) };

    private static NewException UntilFixed(ExceptionExpiryKind kind, ExceptionScope scope, params string[] cves) =>
        Deferral(cves) with { Expiry = new ExceptionExpiry(kind), Scope = scope };

    private Task<Scan> SaveAsync(string image, string[] fixable, string[] unfixable)
    {
        Scan scan = StoredScans.Of(image, "1", _time.GetUtcNow(), [.. fixable, .. unfixable]);
        PackageFindings package = scan.Match.Packages[0];
        Scan mixed = scan with
        {
            Match = scan.Match with
            {
                Packages = [package with { Findings = [.. package.Findings.Select(finding => fixable.Contains(finding.Cve) ? finding : finding with { FixedBy = null })] }],
            },
        };
        return _deployment.Scans.SaveAsync(mixed, ScanStatistics.Of(mixed), Token);
    }
}
