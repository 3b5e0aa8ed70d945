using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

public sealed class KeptLoginTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private RegistryException? _failure;
    private TimeSpan _life = TimeSpan.FromHours(3);
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private KeptLogin New() => new(
        _ =>
        {
            _asked++;
            return _failure is null
                ? Task.FromResult(new TimedCredential(new RegistryCredential("user", $"{_asked}"), _time.GetUtcNow() + _life))
                : Task.FromException<TimedCredential>(_failure);
        },
        _time);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<string> NextAsync(KeptLogin login, string old)
    {
        string password = old;
        while (password == old)
        {
            password = (await login.GetAsync(Token)).Password;
            await Task.Yield();
        }

        return password;
    }

    private static RegistryException Refused() => new("no") { Failure = RegistryFailure.AccountUnusable };

    [Fact]
    public async Task IsRenewedFiveMinutesBeforeItsEnd()
    {
        KeptLogin login = New();
        await login.GetAsync(Token);

        _time.Advance(TimeSpan.FromHours(3) - KeptLogin.Early - TimeSpan.FromSeconds(1));
        string before = (await login.GetAsync(Token)).Password;
        _time.Advance(TimeSpan.FromSeconds(1));
        string meanwhile = (await login.GetAsync(Token)).Password;
        await UntilAsync(() => _asked == 2);
        string after = await NextAsync(login, "1");

        Assert.Equal(("1", "1", "2"), (before, meanwhile, after));
    }

    [Fact]
    public async Task OfAShortLifeIsRenewedAtItsHalf()
    {
        _life = TimeSpan.FromMinutes(4);
        KeptLogin login = New();

        await login.GetAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(119));
        await login.GetAsync(Token);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        await login.GetAsync(Token);
        await UntilAsync(() => _asked == 2);
    }

    [Fact]
    public async Task ServesWhileTheNextOneIsWaitedFor()
    {
        var never = new TaskCompletionSource<TimedCredential>();
        int asked = 0;
        var login = new KeptLogin(
            _ => Interlocked.Increment(ref asked) == 1
                ? Task.FromResult(new TimedCredential(new RegistryCredential("user", "1"), _time.GetUtcNow().AddHours(1)))
                : never.Task,
            _time);
        await login.GetAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(56));

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("1", (await login.GetAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token)).Password);
        }

        await UntilAsync(() => Volatile.Read(ref asked) == 2);
    }

    [Fact]
    public async Task IsNotAskedForAgainAtOnceWhereTheNextOneIsNotToBeHad()
    {
        KeptLogin login = New();
        await login.GetAsync(Token);
        _failure = new RegistryException("later") { Failure = RegistryFailure.Unavailable };
        _time.Advance(TimeSpan.FromHours(3) - KeptLogin.Early);

        await login.GetAsync(Token);
        await UntilAsync(() => _asked == 2);
        for (int i = 0; i < 100; i++)
        {
            await login.GetAsync(Token);
            await Task.Yield();
        }

        Assert.Equal(2, _asked);
        _time.Advance(KeptLogin.Pause);
        await login.GetAsync(Token);
        await UntilAsync(() => _asked == 3);
    }

    [Fact]
    public async Task IsUsedToItsEndIfTheNextOneIsNotToBeHad()
    {
        KeptLogin login = New();
        await login.GetAsync(Token);
        _failure = Refused();

        _time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromMinutes(1));
        Assert.Equal("1", (await login.GetAsync(Token)).Password);
        await UntilAsync(() => _asked == 2);
        Assert.Equal("1", (await login.GetAsync(Token)).Password);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<RegistryException>(() => login.GetAsync(Token));
    }

    [Fact]
    public async Task IsGotOnceForAllWhoWait()
    {
        var answer = new TaskCompletionSource<TimedCredential>();
        int asked = 0;
        var login = new KeptLogin(
            _ =>
            {
                Interlocked.Increment(ref asked);
                return answer.Task;
            },
            _time);
        using var impatient = new CancellationTokenSource();

        Task<RegistryCredential> first = login.GetAsync(impatient.Token);
        Task<RegistryCredential>[] others = [.. Enumerable.Range(0, 20).Select(_ => login.GetAsync(Token))];
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new TimedCredential(new RegistryCredential("user", "one"), _time.GetUtcNow().AddHours(1)));

        Assert.All(await Task.WhenAll(others), credential => Assert.Equal("one", credential.Password));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task KeepsARefusalForAMomentOnly()
    {
        KeptLogin login = New();
        _failure = Refused();

        await Assert.ThrowsAsync<RegistryException>(() => login.GetAsync(Token));
        RegistryException again = await Assert.ThrowsAsync<RegistryException>(() => login.GetAsync(Token));
        Assert.Equal(("no", RegistryFailure.AccountUnusable, 1), (again.Message, again.Failure, _asked));

        _failure = null;
        _time.Advance(KeptLogin.Pause);
        Assert.Equal("2", (await login.GetAsync(Token)).Password);
    }

    [Fact]
    public async Task DoesNotKeepWhatWillPass()
    {
        KeptLogin login = New();
        _failure = new RegistryException("later") { Failure = RegistryFailure.Unavailable };

        await Assert.ThrowsAsync<RegistryException>(() => login.GetAsync(Token));
        _failure = null;

        Assert.Equal("2", (await login.GetAsync(Token)).Password);
    }

    [Fact]
    public async Task IsForgottenIfItIsNotNew()
    {
        KeptLogin login = New();
        await login.GetAsync(Token);

        login.Forget();
        await login.GetAsync(Token);
        Assert.Equal(1, _asked);
        _time.Advance(KeptLogin.Pause);
        login.Forget();
        Assert.Equal("2", (await login.GetAsync(Token)).Password);
    }

    [Fact]
    public async Task TakesAMinuteAtMost()
    {
        var login = new KeptLogin(
            async cancellationToken =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                throw new InvalidOperationException();
            },
            _time);

        Task<RegistryCredential> waiting = login.GetAsync(Token);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        RegistryException failure = await Assert.ThrowsAsync<RegistryException>(() => waiting);
        Assert.Equal(("no login within 60 seconds", RegistryFailure.Unavailable), (failure.Message, failure.Failure));
    }
}
