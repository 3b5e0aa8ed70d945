using System.IO.Compression;
using System.Net;
using System.Text;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class FeedRefreshTests : IDisposable
{
    private readonly RefreshLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task ReadsAllDocumentsAndBuildsASnapshot()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", "A-1 2025-01-01\nmalformed\nskipped\nA-2 2025-01-02\n");
        _lab.Web.Put("b", "B-1 2025-01-03\nskipped\n");

        RefreshOutcome outcome = await _lab.RunAsync();

        FeedOutcome feed = Assert.Single(outcome.Feeds);
        Assert.Equal((2, 0, 2, 3), (feed.Asked, feed.Unchanged, feed.Read, feed.NewRecords));
        Assert.Equal((3, 1, 2), (feed.State.Records, feed.Malformed, feed.Skipped["not wanted"]));
        Assert.Equal(["a: makes no sense"], feed.Reasons);
        Assert.Equal((TestSnapshot.BuiltAt, TestSnapshot.BuiltAt), (feed.State.CheckedAt, feed.State.ChangedAt));
        Assert.Equal(new DateTimeOffset(2025, 1, 3, 0, 0, 0, TimeSpan.Zero), feed.State.NewestRecord);
        Assert.True(outcome.IsGood && outcome.IsChanged);
        using var database = AdvisoryDatabase.Open(_lab.Snapshot);
        Assert.Equal(3, database.Description.Advisories);
        Assert.Equal("a:A-1@01-01 a:A-2@01-02 b:B-1@01-03", await _lab.KeptAsync());
    }

    [Fact]
    public async Task KeepsWhatIsUnchangedWithoutReadingIt()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", "A-1 2025-01-01\nmalformed\n");
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("b", "B-2 2025-01-02\n");
        _lab.Web.Asked.Clear();
        _lab.Clock.Advance(TimeSpan.FromHours(6));

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(["index", "a \"2\"", "b \"3\""], _lab.Web.Asked);
        Assert.Equal((2, 1, 1, 1), (feed.Asked, feed.Unchanged, feed.Read, feed.NewRecords));
        Assert.Equal("a:A-1@01-01 b:B-2@01-02", await _lab.KeptAsync());
        Assert.Equal(1, feed.Malformed);
        Assert.All(feed.State.Documents.Values, document => Assert.Equal(_lab.Clock.GetUtcNow(), document.ReadAt));
    }

    [Fact]
    public async Task WritesNoPackWhenNothingChanged()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        FeedState first = (await _lab.FeedAsync()).State;
        _lab.Clock.Advance(TimeSpan.FromHours(6));

        RefreshOutcome second = await _lab.RunAsync();

        Assert.False(second.IsChanged);
        Assert.Equal((first.Pack, first.ChangedAt), (second.Feeds[0].State.Pack, second.Feeds[0].State.ChangedAt));
        Assert.Equal(_lab.Clock.GetUtcNow(), second.Feeds[0].State.CheckedAt);
        Assert.Equal(1, second.Description.Advisories);
    }

    [Fact]
    public async Task AddsPartsToTheirDocument()
    {
        _lab.Web.Put("index", "all\n");
        _lab.Web.Put("all", "A-1 2025-01-01\nA-2 2025-01-01\nA-3 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("index", "one part of all\ntwo part of all\nkept all\n");
        _lab.Web.Put("one", "A-2 2025-02-02\n");
        _lab.Web.Put("two", "A-4 2025-02-01\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal("all:A-1@01-01 all:A-3@01-01 all:A-2@02-02 all:A-4@02-01", await _lab.KeptAsync());
        Assert.Equal(4, feed.State.Documents["all"].Records);
        Assert.Equal(new DateTimeOffset(2025, 2, 2, 0, 0, 0, TimeSpan.Zero), feed.State.NewestRecord);
        Assert.Equal("\"2\"", feed.State.Documents["all"].Validator);
    }

    // Else the next run would ask for what came after the newest part only, and the one that failed were lost.
    [Fact]
    public async Task AsksForAllPartsAgainWhenOneFailed()
    {
        _lab.Web.Put("index", "all\n");
        _lab.Web.Put("all", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("index", "one part of all\ntwo part of all\n");
        _lab.Web.Put("one", "A-2 2025-02-02\n");
        _lab.Web.Put("two", "A-3 2025-02-01\nbroken\n");

        FeedOutcome feed = await _lab.FeedAsync();
        await _lab.RunAsync();

        Assert.Equal("two", Assert.Single(feed.Failed).Name);
        Assert.Equal("all:A-1@01-01 all:A-2@02-02", await _lab.KeptAsync());
        Assert.Equal(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), _lab.Feed.Known["all"].NewestRecord);
    }

    [Fact]
    public async Task TakesNoPartOfWhatItDoesNotHave()
    {
        _lab.Web.Put("index", "all\none part of all\nother\n");
        _lab.Web.Put("one", "A-2 2025-02-02\n");
        _lab.Web.Put("other", "B-1 2025-02-02\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(["all", "one"], feed.Failed.Select(failed => failed.Name));
        Assert.Equal("other:B-1@02-02", await _lab.KeptAsync());
    }

    [Fact]
    public async Task RemovesWhatWasDeleted()
    {
        _lab.Web.Put("index", "all\n");
        _lab.Web.Put("all", "A-1 2025-01-01\nA-2 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("index", "kept all\ndeleted all A-1\ndeleted all A-9\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.True(feed.IsGood && feed.IsChanged);
        Assert.Equal("all:A-2@01-01", await _lab.KeptAsync());
    }

    // An archive is as old as its name says; what was changed or deleted since then comes with it in the same run.
    [Fact]
    public async Task PutsPartsInThePlaceOfWhatTheSameRunReads()
    {
        _lab.Web.Put("index", "all\none part of all\ndeleted all A-3\n");
        _lab.Web.Put("all", "A-1 2025-01-01\nA-2 2025-01-01\nA-3 2025-01-01\n");
        _lab.Web.Put("one", "A-2 2025-02-02\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal("all:A-1@01-01 all:A-2@02-02", await _lab.KeptAsync());
        Assert.Equal(2, feed.State.Documents["all"].Records);
    }

    [Fact]
    public async Task CountsNoDateOfTomorrowAsTheNewest()
    {
        _lab.Web.Put("index", "all\n");
        _lab.Web.Put("all", "A-1 2025-01-01\nA-2 2099-01-01\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), feed.State.NewestRecord);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "is not there")]
    [InlineData(HttpStatusCode.InternalServerError, "answered 500")]
    [InlineData(HttpStatusCode.Forbidden, "answered 403")]
    public async Task KeepsTheLastGoodDataOfADocumentThatFails(HttpStatusCode status, string reason)
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("b", "B-2 2025-01-02\n");
        _lab.Web.Break("a", status);
        _lab.Clock.Advance(TimeSpan.FromHours(6));

        FeedOutcome feed = await _lab.FeedAsync();

        FailedSource failed = Assert.Single(feed.Failed);
        Assert.Equal("a", failed.Name);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Equal("a:A-1@01-01 b:B-2@01-02", await _lab.KeptAsync());
        Assert.False(feed.IsGood);
        Assert.Equal(TestSnapshot.BuiltAt, feed.State.CheckedAt);
        Assert.Contains(reason, feed.State.LastFailure?.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A-2 2025-01-02\nbroken\n")]
    [InlineData("A-2 2025-01-02\nfailed\n")]
    public async Task TakesNothingOfADocumentThatHasNoEnd(string text)
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("a", text);

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal("a", Assert.Single(feed.Failed).Name);
        Assert.Equal("a:A-1@01-01", await _lab.KeptAsync());
        Assert.Equal("\"2\"", feed.State.Documents["a"].Validator);
    }

    [Fact]
    public async Task TakesNothingOfAnArchiveThatIsCutShort()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        byte[] whole = Gzip(LineFeed.Lines(5000));
        _lab.Web.Put("a", whole[..(whole.Length / 2)]);

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Single(feed.Failed);
        Assert.Equal("a:A-1@01-01", await _lab.KeptAsync());
    }

    [Fact]
    public async Task KeepsTheLastGoodDataOfAFeedThatFails()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Break("index", HttpStatusCode.BadGateway);

        RefreshOutcome outcome = await _lab.RunAsync();

        FailedSource failed = Assert.Single(outcome.Feeds[0].Failed);
        Assert.Equal("", failed.Name);
        Assert.Contains("answered 502", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Description.Advisories);
        Assert.False(outcome.IsGood || outcome.IsChanged);
    }

    [Fact]
    public async Task TheSnapshotTellsWhenAFeedWasLastReadWhole()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 0001-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Break("index", HttpStatusCode.BadGateway);
        _lab.Clock.Advance(TimeSpan.FromDays(40));

        SnapshotDescription snapshot = (await _lab.RunAsync()).Description;

        Assert.Equal((TestSnapshot.BuiltAt.AddDays(40), TestSnapshot.BuiltAt), (snapshot.BuiltAt, Assert.Single(snapshot.Feeds).AsOf));
        Assert.Equal(TestSnapshot.BuiltAt, Assert.Single(snapshot.Ecosystems).AsOf);
    }

    [Fact]
    public async Task KeepsTheLastGoodDataOfWhatThereIsNoTimeFor()
    {
        var other = new LineFeed("other", RefreshLab.Address + "/other");
        _lab.Feeds = [_lab.Feed, other];
        _lab.Web.Put("index", "a\nb\nc\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        _lab.Web.Put("c", "C-1 2025-01-01\n");
        _lab.Web.Put("other/index", "a\n");
        _lab.Web.Put("other/a", "D-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Web.Put("a", "A-2 2025-01-02\n");
        _lab.Web.Put("b", "B-2 2025-01-02\n");
        _lab.Web.Put("c", "C-2 2025-01-02\n");
        RunOutOfTimeAt("/b");

        RefreshOutcome outcome = await _lab.RunAsync();

        Assert.Equal(["b", "c"], outcome.Feeds[0].Failed.Select(failed => failed.Name));
        Assert.All(outcome.Feeds[0].Failed, failed => Assert.Equal("There was no time left to read it.", failed.Reason));
        Assert.Equal("b:B-1@01-01 c:C-1@01-01 a:A-2@01-02", await _lab.KeptAsync());
        Assert.Equal("a:D-1@01-01", await _lab.KeptAsync("other"));
        Assert.Equal(4, outcome.Description.Advisories);
    }

    [Fact]
    public async Task WritesNoSnapshotOfAPartOfAFeedAndGoesOnWithTheRest()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        RunOutOfTimeAt("/b");
        var refused = await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => _lab.RunAsync());
        _lab.Web.Before = null;

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Contains("no time to read all of lines", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (feed.Unchanged, feed.Read));
        Assert.Equal("a:A-1@01-01 b:B-1@01-01", await _lab.KeptAsync());
    }

    // Or three servers that are gone would take all the time there is from the others, each time anew.
    [Fact]
    public async Task AsksAServerThatDoesNotAnswerForTwoDocumentsAtMost()
    {
        _lab.Web.Put("index", "a\nb\nc\nd\n");
        foreach (string document in (string[])["a", "b", "c", "d"])
        {
            _lab.Web.Put(document, $"{document}-1 2025-01-01\n");
        }

        await _lab.RunAsync();
        _lab.Web.Asked.Clear();
        _lab.Web.Before = request => _ = request.RequestUri!.AbsolutePath == "/index" ? 0 : throw new HttpRequestException("no route to host");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(["index", "a", "a", "b", "b"], _lab.Web.Asked.Select(asked => asked.Split(' ')[0]));
        Assert.Equal(4, feed.Failed.Count);
        Assert.Equal("a:a-1@01-01 b:b-1@01-01 c:c-1@01-01 d:d-1@01-01", await _lab.KeptAsync());
    }

    // One that never answers must not keep the others from being published for ever.
    [Fact]
    public async Task DoesWithoutAFeedOfWhichNothingComesInTime()
    {
        var other = new LineFeed("other", RefreshLab.Address + "/other");
        _lab.Feeds = [_lab.Feed, other];
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        RunOutOfTimeAt("/other/index");
        _lab.Web.Put("other/index", "a\n");

        RefreshOutcome outcome = await _lab.RunAsync();

        Assert.Equal("other", Assert.Single(outcome.Missing).Feed.Name);
        Assert.Equal(1, outcome.Description.Advisories);
    }

    [Fact]
    public async Task WritesNoSnapshotOutOfNothing()
    {
        var refused = await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => _lab.RunAsync());

        Assert.Contains("lines: There is no index.", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_lab.Snapshot));
    }

    [Fact]
    public async Task SaysSoWhenAFeedHoldsNothing()
    {
        var other = new LineFeed("other", RefreshLab.Address + "/other");
        _lab.Feeds = [_lab.Feed, other];
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("other/index", "a\n");
        _lab.Web.Put("other/a", "");

        RefreshOutcome outcome = await _lab.RunAsync();

        Assert.Equal("It holds no record.", Assert.Single(outcome.Feeds[1].Failed).Reason);
        Assert.Equal("other", Assert.Single(outcome.Missing).Feed.Name);
    }

    [Fact]
    public async Task LeavesOtherFeedsAloneWhenAParserIsMistaken()
    {
        var other = new LineFeed("other", RefreshLab.Address + "/other");
        _lab.Feeds = [_lab.Feed, other];
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "bug\n");
        _lab.Web.Put("other/index", "a\n");
        _lab.Web.Put("other/a", "B-1 2025-01-01\n");

        RefreshOutcome outcome = await _lab.RunAsync();

        Assert.Contains("a mistake", Assert.Single(outcome.Feeds[0].Failed).Reason, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Description.Advisories);
    }

    [Fact]
    public async Task ReadsOnlyFeedsThatAreOn()
    {
        var other = new LineFeed("other", RefreshLab.Address + "/other");
        _lab.Feeds = [_lab.Feed, other];
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("other/index", "a\n");
        _lab.Web.Put("other/a", "B-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Settings["other"] = new FeedSettings { Enabled = false };

        RefreshOutcome without = await _lab.RunAsync();
        RefreshOutcome onlyOther = await _lab.RunAsync(new RefreshChoice { Feeds = ["other"] });

        Assert.Equal((1, 1), (without.Feeds.Count, without.Description.Advisories));
        Assert.Equal("other", Assert.Single(onlyOther.Feeds).Feed.Name);
    }

    [Fact]
    public async Task RefusesAChoiceOfWhatIsNoFeed()
    {
        var refused = await Assert.ThrowsAsync<FeedException>(() => _lab.RunAsync(new RefreshChoice { Feeds = ["nope"] }));

        Assert.Equal("'nope' is no feed; there are lines.", refused.Message);
    }

    [Fact]
    public async Task ReadsEverythingAgainWithAnotherBuildOfItself()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Reader = "build 2";
        _lab.Web.Break("a", HttpStatusCode.BadGateway);

        FeedOutcome failed = await _lab.FeedAsync();
        _lab.Web.Mend();
        _lab.Web.Asked.Clear();
        FeedOutcome read = await _lab.FeedAsync();

        Assert.Equal((1, true), (failed.State.Records, failed.State.Documents["a"].IsOutdated));
        Assert.Empty(_lab.Feed.Known);
        Assert.Equal(["index", "a"], _lab.Web.Asked);
        Assert.Equal((1, false), (read.Read, read.State.Documents["a"].IsOutdated));
    }

    [Fact]
    public async Task ReadsEverythingAgainFromAnotherAddress()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("mirror/index", "a\n");
        _lab.Web.Put("mirror/a", "A-2 2025-01-01\n");
        await _lab.RunAsync();
        _lab.Settings["lines"] = new FeedSettings { Url = RefreshLab.Address + "/mirror" };
        _lab.Web.Asked.Clear();

        await _lab.RunAsync();

        Assert.Equal(["mirror/index", "mirror/a"], _lab.Web.Asked);
        Assert.Equal("a:A-2@01-01", await _lab.KeptAsync());
    }

    [Fact]
    public async Task ReadsAFolderOfCopiesInWhateverLayout()
    {
        string folder = _lab.Folder("mirror");
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        await File.WriteAllTextAsync(Path.Combine(folder, "deep", "a.lines"), "A-1 2025-01-01\n", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "README"), "A-2 2025-01-01\n", Token);
        _lab.Settings["lines"] = new FeedSettings { Url = folder };

        FeedOutcome first = await _lab.FeedAsync();
        FeedOutcome second = await _lab.FeedAsync();

        Assert.Equal((1, 0), (first.Read, first.Unchanged));
        Assert.Equal((0, 1), (second.Read, second.Unchanged));
        Assert.Equal("deep/a.lines:A-1@01-01", await _lab.KeptAsync());
    }

    [Fact]
    public async Task ReadsASingleFileWhateverItIsCalled()
    {
        string file = Path.Combine(_lab.Folder("mirror"), "whatever");
        await File.WriteAllTextAsync(file, "A-1 2025-01-01\n", Token);
        _lab.Settings["lines"] = new FeedSettings { Url = file };

        await _lab.RunAsync();

        Assert.Equal("whatever:A-1@01-01", await _lab.KeptAsync());
    }

    [Theory]
    [InlineData("nowhere", "There is no folder or file")]
    [InlineData("empty", "There is nothing of this feed in")]
    public async Task SaysWhenAFolderHasNothing(string folder, string reason)
    {
        string empty = _lab.Folder("empty");
        _lab.Settings["lines"] = new FeedSettings { Url = Path.Combine(Path.GetDirectoryName(empty)!, folder) };

        var refused = await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => _lab.RunAsync());

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpensNothingOutsideOfAFolder()
    {
        _lab.Web.Put("index", "../secret\na/../../b\n/etc/passwd\na\\b\nok\n");
        _lab.Web.Put("ok", "A-1 2025-01-01\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.Equal(["index", "ok"], _lab.Web.Asked);
        Assert.Equal(4, feed.Failed.Count);
    }

    [Fact]
    public async Task ReadsDamagedPacksAnew()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", LineFeed.Lines(500));
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        string pack = Path.Combine(_lab.Cache, (await _lab.FeedAsync()).State.Pack!);
        byte[] bytes = await File.ReadAllBytesAsync(pack, Token);
        await File.WriteAllBytesAsync(pack, bytes[..(bytes.Length / 2)], Token);
        _lab.Web.Put("b", "B-2 2025-01-01\n");

        FeedOutcome feed = await _lab.FeedAsync();

        Assert.True(feed.IsGood);
        Assert.Equal((2, 501), (feed.Read, feed.State.Records));
        Assert.EndsWith("b:B-2@01-01", await _lab.KeptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildsNoSnapshotOfADamagedPackAndMendsItNextTime()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", LineFeed.Lines(500));
        string pack = Path.Combine(_lab.Cache, (await _lab.FeedAsync()).State.Pack!);
        byte[] snapshot = await File.ReadAllBytesAsync(_lab.Snapshot, Token);
        byte[] bytes = await File.ReadAllBytesAsync(pack, Token);
        bytes[bytes.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(pack, bytes, Token);

        var refused = await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => _lab.RunAsync());
        byte[] afterwards = await File.ReadAllBytesAsync(_lab.Snapshot, Token);
        FeedOutcome mended = await _lab.FeedAsync();

        Assert.Contains("lines is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(snapshot, afterwards);
        Assert.Equal((1, 500), (mended.Read, mended.State.Records));
    }

    [Fact]
    public async Task ReadsAnewWhatHasLostItsPackOrItsState()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        FeedOutcome first = await _lab.FeedAsync();
        File.Delete(Path.Combine(_lab.Cache, first.State.Pack!));
        FeedOutcome second = await _lab.FeedAsync();
        await File.WriteAllTextAsync(Path.Combine(_lab.Cache, "lines.state"), "{ no state", Token);

        FeedOutcome third = await _lab.FeedAsync();

        Assert.Equal((1, 1), (second.Read, third.Read));
        Assert.Equal(2, (await _lab.Files.ListAsync(Token)).Count);
    }

    // What a run leaves that is killed after its pack was written, and before its state was.
    [Fact]
    public async Task RemovesPacksThatNoStateNames()
    {
        _lab.Web.Put("index", "a\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        FeedOutcome first = await _lab.FeedAsync();
        await File.WriteAllTextAsync(Path.Combine(_lab.Cache, "lines.0123.pack"), "left over", Token);
        await File.WriteAllTextAsync(Path.Combine(_lab.Cache, "lines-more.0123.pack"), "another feed's", Token);

        await _lab.RunAsync();

        Assert.Equal(
            new[] { "lines-more.0123.pack", "lines.state", first.State.Pack! }.Order(StringComparer.Ordinal),
            (await _lab.Files.ListAsync(Token)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LeavesEverythingWhenItIsStopped()
    {
        _lab.Web.Put("index", "a\nb\n");
        _lab.Web.Put("a", "A-1 2025-01-01\n");
        _lab.Web.Put("b", "B-1 2025-01-01\n");
        await _lab.RunAsync();
        string kept = await _lab.KeptAsync();
        _lab.Web.Put("a", "A-2 2025-01-01\n");
        using var stop = new CancellationTokenSource();
        _lab.Web.Before = request =>
        {
            if (request.RequestUri!.AbsolutePath == "/b")
            {
                stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _lab.RunUntilAsync(RefreshChoice.BySettings, stop.Token));
        string afterwards = await _lab.KeptAsync();
        _lab.Web.Before = null;
        await _lab.RunAsync();

        Assert.Equal(kept, afterwards);
        Assert.Equal("b:B-1@01-01 a:A-2@01-01", await _lab.KeptAsync());
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private void RunOutOfTimeAt(string path)
    {
        _lab.ReadingTimeout = TimeSpan.FromSeconds(30);
        _lab.Web.Before = request =>
        {
            if (request.RequestUri!.AbsolutePath == path)
            {
                _lab.Clock.Advance(TimeSpan.FromSeconds(31));
            }
        };
    }
}
