using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

/// <summary>A feed that shrinks by more than half is refused until an operator says otherwise.</summary>
public sealed class FeedShrinkTests : IDisposable
{
    private readonly RefreshLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(20, 9, true)]
    [InlineData(20, 10, false)]
    [InlineData(19, 1, false)]
    [InlineData(1, 0, true)]
    [InlineData(100, 49, true)]
    [InlineData(100, 50, false)]
    public async Task IsMoreThanHalfOfSomeOrAll(int was, int now, bool refused)
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", LineFeed.Lines(was));
        _lab.Web.Put("b", LineFeed.Lines(200));
        await _lab.RunAsync();
        _lab.Web.Put("a", LineFeed.Lines(now));

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal((refused ? was : now) + 200, feed.State.Records);
        Assert.Equal(!refused, feed.IsGood);
        RefusedShrink[] expected = refused ? [new RefusedShrink("a", was, now, TestSnapshot.BuiltAt)] : [];
        Assert.Equal(expected, feed.Refused);
        Assert.Equal(expected, feed.State.Refused);
    }

    [Fact]
    public async Task IsAskedForAgainUntilItIsAccepted()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", LineFeed.Lines(50));
        await _lab.RunAsync();
        _lab.Web.Put("a", LineFeed.Lines(5));
        await _lab.RunAsync();

        FeedOutcome again = await _lab.FeedAsync();
        FeedOutcome accepted = await _lab.FeedAsync(new RefreshChoice { AcceptShrink = ["lines"] });
        FeedOutcome next = await _lab.FeedAsync();

        Assert.Equal((50, false), (again.State.Records, again.IsGood));
        Assert.Equal((5, true), (accepted.State.Records, accepted.IsGood));
        Assert.Equal((5, true), (next.State.Records, next.IsGood));
    }

    [Fact]
    public async Task IsAcceptedByASetting()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", LineFeed.Lines(50));
        await _lab.RunAsync();
        _lab.Web.Put("a", LineFeed.Lines(5));
        _lab.Settings["lines"] = new FeedSettings { AcceptShrink = true };

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(5, feed.State.Records);
    }

    // Of each document less than half goes, or they are too small to count.
    [Fact]
    public async Task IsSeenInTheWholeFeed()
    {
        string[] documents = [.. Enumerable.Range(0, 10).Select(number => $"d{number}")];
        _lab.Web.Put("index", string.Join('\n', documents));
        foreach (string document in documents)
        {
            _lab.Web.Put(document, LineFeed.Lines(10));
        }

        await _lab.RunAsync();
        foreach (string document in documents)
        {
            _lab.Web.Put(document, LineFeed.Lines(4));
        }

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(new RefusedShrink(null, 100, 40, TestSnapshot.BuiltAt), Assert.Single(feed.Refused));
        Assert.Equal(100, feed.State.Records);
        Assert.False(feed.IsChanged);
        Assert.Equal(100, (await _lab.KeptAsync()).Split(' ').Length);
    }

    [Fact]
    public async Task IsAListOfDocumentsThatWasCutShort()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", LineFeed.Lines(100));
        _lab.Web.Put("b", LineFeed.Lines(30));
        await _lab.RunAsync();
        _lab.Web.Put("index", "a\n");

        FeedOutcome feed = await _lab.FeedAsync();
        FeedOutcome accepted = await _lab.FeedAsync(new RefreshChoice { AcceptShrink = ["lines"] });

        Assert.Equal(new RefusedShrink("b", 30, 0, TestSnapshot.BuiltAt), Assert.Single(feed.Refused));
        Assert.Equal((130, 100), (feed.State.Records, accepted.State.Records));
    }

    // Red Hat's archive bears its date in its name.
    [Fact]
    public async Task IsNotADocumentThatAnotherOneReplaces()
    {
        _lab.Web.Put("index", "archive-1\n");
        _lab.Web.Put("archive-1", LineFeed.Lines(100));
        await _lab.RunAsync();
        _lab.Web.Put("index", "archive-2\n");
        _lab.Web.Put("archive-2", LineFeed.Lines(90, "2025-02-02"));

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.True(feed.IsGood);
        Assert.Equal(["archive-2"], feed.State.Documents.Keys);
        Assert.Equal(90, feed.State.Records);
    }

    [Fact]
    public async Task IsNotADocumentWhoseReplacementFailed()
    {
        _lab.Web.Put("index", "archive-1\n");
        _lab.Web.Put("archive-1", LineFeed.Lines(100));
        await _lab.RunAsync();
        _lab.Web.Put("index", "archive-2\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal("archive-2", Assert.Single(feed.Failed).Name);
        Assert.Equal(100, feed.State.Records);
    }

    // NVD's changes of the last eight days are many in one week and few in the next.
    [Fact]
    public async Task SaysNothingAboutAWindowOfTime()
    {
        _lab.Web.Put("index", "all\nwindow recent\n");
        _lab.Web.Put("all", LineFeed.Lines(100));
        _lab.Web.Put("recent", LineFeed.Lines(40));
        await _lab.RunAsync();
        _lab.Web.Put("recent", "");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.True(feed.IsGood);
        Assert.Equal(100, feed.State.Records);
    }

    [Fact]
    public async Task SaysNothingAboutParts()
    {
        _lab.Web.Put("index", "all\n");
        _lab.Web.Put("all", LineFeed.Lines(100));
        await _lab.RunAsync();
        _lab.Web.Put("index", "one part of all\n");
        _lab.Web.Put("one", "");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.True(feed.IsGood);
        Assert.Equal(100, feed.State.Records);
    }
}
