using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Reliability;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Suppression;

public sealed class SuppressionsTests(SharedAzurite azurite) : IDisposable
{
    private readonly string _prefix = ScanApp.NewPrefix();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly List<Deployment> _deployments = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _deployments.ForEach(deployment => deployment.Dispose());

    [Fact]
    public async Task AreNoneBeforeAnythingWasDecided() => Assert.Null(await NewDeployment().StateOfAsync("CVE-1", _time));

    [Fact]
    public async Task KnowOwnChangesAtOnceAndThoseOfOthersAfterThreeSeconds()
    {
        Deployment ours = NewDeployment();
        Deployment others = NewDeployment();
        await others.StateOfAsync("CVE-1", _time);

        await ours.Snoozes.BeginAsync(["CVE-1"], TimeSpan.FromHours(1), Token);
        ExceptionTarget? own = await ours.StateOfAsync("CVE-1", _time);
        ExceptionTarget? before = await others.StateOfAsync("CVE-1", _time);
        _time.Advance(Suppressions.Fresh);
        ExceptionTarget? after = await others.StateOfAsync("CVE-1", _time);

        Assert.Equal((ExceptionTarget.Deferred, null, ExceptionTarget.Deferred), (own, before, after));
    }

    [Fact]
    public async Task FollowEveryKindOfChange()
    {
        Deployment ours = NewDeployment();
        string id = await ours.AskAsync(Deployment.Deferral("CVE-1"));

        ExceptionTarget? pending = await ours.StateOfAsync("CVE-1", _time);
        await ours.Exceptions.ApproveAsync(id, "fine", Deployment.Bob, Token);
        ExceptionTarget? approved = await ours.StateOfAsync("CVE-1", _time);
        await ours.Exceptions.CancelAsync(id, Deployment.Ann, Token);
        ExceptionTarget? cancelled = await ours.StateOfAsync("CVE-1", _time);
        await ours.Snoozes.BeginAsync(["CVE-1"], TimeSpan.FromHours(1), Token);
        ExceptionTarget? snoozed = await ours.StateOfAsync("CVE-1", _time);
        await ours.Snoozes.EndAsync(["CVE-1"], Token);
        ExceptionTarget? unsnoozed = await ours.StateOfAsync("CVE-1", _time);

        Assert.Equal(
            (null, ExceptionTarget.Deferred, null, ExceptionTarget.Deferred, null), (pending, approved, cancelled, snoozed, unsnoozed));
    }

    [Fact]
    public async Task EndByTheClockWithoutAskingStorage()
    {
        Deployment ours = NewDeployment();
        await ours.ApprovedAsync(Deployment.Deferral("CVE-1") with { Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, _time.GetUtcNow().AddSeconds(2)) });
        SuppressionSet held = await ours.Suppressions.CurrentAsync(Token);

        ExceptionTarget? before = await ours.StateOfAsync("CVE-1", _time);
        _time.Advance(TimeSpan.FromSeconds(2));
        ExceptionTarget? after = await ours.StateOfAsync("CVE-1", _time);

        Assert.Equal((ExceptionTarget.Deferred, null), (before, after));
        Assert.Same(held, await ours.Suppressions.CurrentAsync(Token));
    }

    [Fact]
    public async Task ReadRowsAgainOnlyWhereSomethingHasChanged()
    {
        Deployment ours = NewDeployment();
        await ours.ApprovedAsync(Deployment.Deferral("CVE-1"));
        SuppressionSet first = await ours.Suppressions.CurrentAsync(Token);

        _time.Advance(Suppressions.Fresh);
        SuppressionSet unchanged = await ours.Suppressions.CurrentAsync(Token);
        await NewDeployment().AskAsync(Deployment.Deferral("CVE-2"));
        _time.Advance(Suppressions.Fresh);
        SuppressionSet changed = await ours.Suppressions.CurrentAsync(Token);

        Assert.Same(first, unchanged);
        Assert.NotSame(first, changed);
    }

    [Fact]
    public async Task FailForAllWhoWaitAndAreAskedForAgain()
    {
        bool isOut = false;
        await using TroubledStorage storage = await TroubledStorage.StartAsync(
            azurite.ConnectionString, _ => isOut ? new StorageMishap(StorageFault.Busy, default) : null, new TroubleLog(), Token);
        using var ours = new Deployment(storage.ConnectionString, _prefix, _time);
        await ours.Snoozes.BeginAsync(["CVE-1"], TimeSpan.FromHours(1), Token);

        isOut = true;
        Task<SuppressionSet>[] failed = [.. Enumerable.Range(0, 5).Select(_ => ours.Suppressions.CurrentAsync(Token))];
        foreach (Task<SuppressionSet> one in failed)
        {
            await Assert.ThrowsAsync<StorageException>(() => one);
        }

        isOut = false;
        Assert.Equal(ExceptionTarget.Deferred, await ours.StateOfAsync("CVE-1", _time));
    }

    private Deployment NewDeployment()
    {
        var deployment = new Deployment(azurite, _prefix, _time);
        _deployments.Add(deployment);
        return deployment;
    }
}
