using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Reliability;
using ImageScan.EndToEnd.Scans;
using Microsoft.AspNetCore.Http;
using static ImageScan.EndToEnd.Suppression.Deployment;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>Two processes that decide about the same exceptions at the same time.</summary>
public sealed class ExceptionConcurrencyTests : IDisposable
{
    private const int Rounds = 10;

    private readonly SharedAzurite _azurite;
    private readonly string _prefix = ScanApp.NewPrefix();
    private readonly Deployment _one;
    private readonly Deployment _other;

    public ExceptionConcurrencyTests(SharedAzurite azurite)
    {
        _azurite = azurite;
        _one = new Deployment(azurite, _prefix, TimeProvider.System);
        _other = new Deployment(azurite, _prefix, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task NeitherLoseNorDoubleANumber()
    {
        VulnerabilityException[] made = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => (i % 2 == 0 ? _one : _other).Exceptions.CreateAsync(Deferral($"CVE-{i}"), Ann, Token)));

        Assert.Equal(Enumerable.Range(1, 16), made.Select(exception => int.Parse(exception.Name.Split('-')[2], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(16, (await _one.Exceptions.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task LetOneOfTwoApprovalsWin()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string id = await _one.AskAsync(Deferral($"CVE-{round}"));

            string?[] texts = await Task.WhenAll(TextOf(_one.Exceptions.ApproveAsync(id, "one", Bob, Token)), TextOf(_other.Exceptions.ApproveAsync(id, "two", Bob, Token)));

            Assert.Equal([null, $"approving vulnerability request {id}: vulnerability request {id} is already approved"], texts.Order());
            Assert.Single((await _one.GetAsync(id)).Approvers);
        }
    }

    [Fact]
    public async Task LetOneOfTwoThatAskForTheSameBeApproved()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string[] ids = await Task.WhenAll(_one.AskAsync(Deferral($"CVE-{round}")), _other.AskAsync(Deferral($"CVE-{round}")));

            string?[] texts = await Task.WhenAll(
                TextOf(_one.Exceptions.ApproveAsync(ids[0], "one", Bob, Token)), TextOf(_other.Exceptions.ApproveAsync(ids[1], "two", Bob, Token)));

            int won = Array.IndexOf(texts, null);
            VulnerabilityException lost = await _one.GetAsync(ids[1 - won]);
            Assert.Equal($"enforcing approved vulnerability request {lost.Id}: vulnerability request {lost.Id} not approved or expired", texts[1 - won]);
            Assert.Equal(ExceptionStatus.Denied, lost.Status);
            Assert.True((await _one.GetAsync(ids[won])).IsInForce);
        }
    }

    // Whichever comes first: one that is asked for too late is refused, and one that was asked for in time is declined.
    [Fact]
    public async Task NeverLeaveOnePendingThatAnApprovalCovers()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string id = await _one.AskAsync(Deferral($"CVE-{round}"));

            Task<VulnerabilityException> asked = _other.Exceptions.CreateAsync(Deferral($"CVE-{round}"), Ann, Token);
            await _one.Exceptions.ApproveAsync(id, "fine", Bob, Token);
            string? text = await TextOf(asked);

            Assert.True(
                text == $"CVE CVE-{round} is already covered by request {id} for the scope: already exists"
                    || (text is null && (await _one.GetAsync((await asked).Id)).Status == ExceptionStatus.Denied),
                text);
        }
    }

    [Fact]
    public async Task LetACancellationStandWhateverTheApprovalDoes()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string id = await _one.AskAsync(Deferral($"CVE-{round}"));

            string?[] texts = await Task.WhenAll(TextOf(_one.Exceptions.ApproveAsync(id, "fine", Bob, Token)), TextOf(_other.Exceptions.CancelAsync(id, Ann, Token)));

            VulnerabilityException after = await _one.GetAsync(id);
            Assert.Null(texts[1]);
            Assert.True(after.IsExpired);
            Assert.Equal(texts[0] is null ? ExceptionStatus.Approved : ExceptionStatus.Pending, after.Status);
            Assert.True(
                texts[0] is null || texts[0] == $"enforcing approved vulnerability request {id}: vulnerability request {id} not approved or expired", texts[0]);
        }
    }

    [Fact]
    public async Task LoseNoChange()
    {
        string id = await _one.AskAsync(Deferral("CVE-0"));
        await Task.WhenAll(Enumerable.Range(1, 12).Select(i => (i % 2 == 0 ? _one : _other).Exceptions.UpdateAsync(
            id, ExceptionTarget.Deferred, $"{i}", new ExceptionUpdate([$"CVE-{i}"], null), Ann, Token)));

        VulnerabilityException updated = await _one.GetAsync(id);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{i}").Order(), updated.Comments.Skip(1).Select(comment => comment.Message).Order());
        Assert.Equal([$"CVE-{updated.Comments[^1].Message}"], updated.Cves);
    }

    [Fact]
    public async Task DeclineMoreThanOneTransactionTakes()
    {
        string[] pending = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => _one.AskAsync(Deferral("CVE-1"))));

        await _other.ApprovedAsync(Deferral("CVE-1"));

        IReadOnlyList<VulnerabilityException> after = await _one.Exceptions.ListAsync(Token);
        Assert.Equal(60, after.Count(exception => pending.Contains(exception.Id) && exception.Status == ExceptionStatus.Denied));
        Assert.Single(after, exception => exception.IsInForce);
    }

    [Fact]
    public async Task TakeAChangeForTheirsWhoseAnswerWasLost()
    {
        int left = 0;
        await using TroubledStorage storage = await TroubledStorage.StartAsync(
            _azurite.ConnectionString,
            request => HttpMethods.IsPost(request.Method) && request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal) && Interlocked.Decrement(ref left) == 0
                ? new StorageMishap(StorageFault.AnswerLost, default)
                : null,
            new TroubleLog(),
            Token);
        using var unlucky = new Deployment(storage.ConnectionString, _prefix, TimeProvider.System);

        left = 1;
        VulnerabilityException asked = await unlucky.Exceptions.CreateAsync(Deferral("CVE-1"), Ann, Token);
        left = 1;
        VulnerabilityException approved = await unlucky.Exceptions.ApproveAsync(asked.Id, "fine", Bob, Token);

        Assert.EndsWith("-1", Assert.Single(await _one.Exceptions.ListAsync(Token)).Name, StringComparison.Ordinal);
        Assert.Equal(ExceptionStatus.Approved, approved.Status);
        Assert.Single((await _one.GetAsync(asked.Id)).Approvers);
    }

    [Fact]
    public async Task SnoozeAndUnsnoozeWithoutLosingOthers()
    {
        await _one.Snoozes.BeginAsync([.. Enumerable.Range(0, 150).Select(i => $"CVE-{i}")], TimeSpan.FromHours(1), Token);
        await Task.WhenAll(
            _one.Snoozes.EndAsync([.. Enumerable.Range(0, 100).Select(i => $"CVE-{i}")], Token),
            _other.Snoozes.BeginAsync([.. Enumerable.Range(150, 120).Select(i => $"CVE-{i}")], TimeSpan.FromHours(1), Token));

        SuppressionSet set = await _one.Suppressions.CurrentAsync(Token);
        Assert.Equal(170, set.Snoozed);
    }

    private static async Task<string?> TextOf(Task change)
    {
        try
        {
            await change;
            return null;
        }
        catch (SuppressionRefusedException refused)
        {
            return refused.Message;
        }
    }
}
