using ImageScan.Core.Scans;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Scans;

public sealed class TurnByTurnTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LetsSoManyBeginInAMinuteAndNoMore()
    {
        var turns = new TurnByTurn(4, _time);
        Assert.True(await turns.TryTakeAsync(Token, Token));

        Task<bool> next = turns.TryTakeAsync(Token, Token);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await next);
    }

    [Fact]
    public async Task LetsAllBeginWithoutABound()
    {
        var turns = new TurnByTurn(0, _time);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => turns.TryTakeAsync(Token, Token))), Assert.True);
    }

    [Fact]
    public async Task TakesNoTurnOfWhoWaitsNoLonger()
    {
        var turns = new TurnByTurn(1, _time);
        Assert.True(await turns.TryTakeAsync(Token, Token));
        using var hold = new CancellationTokenSource(TimeSpan.FromSeconds(30), _time);

        Task<bool> given = turns.TryTakeAsync(hold.Token, Token);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(await given);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(await turns.TryTakeAsync(Token, Token));
    }
}
