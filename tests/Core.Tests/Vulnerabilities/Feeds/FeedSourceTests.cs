using System.Net;
using System.Net.Http.Headers;
using ImageScan.Core.Vulnerabilities.Feeds;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class FeedSourceTests
{
    private static readonly FakeTimeProvider Clock = new(TestSnapshot.BuiltAt) { AutoAdvanceAmount = TimeSpan.Zero };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AsksBelowItsAddressAndSaysWhoAsks()
    {
        var asked = new List<HttpRequestMessage>();
        using HttpClient http = Client(request => Answer(HttpStatusCode.OK), asked);
        var source = new FeedSource("https://mirror.example.com/osv?key=secret", http);

        await using FeedDocument? document = await source.OpenAsync("Red Hat/a#b?c:1.json", null, Token);

        Assert.NotNull(document);
        Assert.Equal("https://mirror.example.com/osv/Red%20Hat/a%23b%3Fc%3A1.json?key=secret", asked[0].RequestUri!.AbsoluteUri);
        Assert.Equal("ImageScanFunctions/1", asked[0].Headers.UserAgent.ToString());
    }

    [Theory]
    [InlineData("\"abc\"", "\"abc\"", "")]
    [InlineData("W/\"abc\"", "W/\"abc\"", "")]
    [InlineData("Tue, 03 Dec 2024 10:11:12 GMT", "", "Tue, 03 Dec 2024 10:11:12 GMT")]
    [InlineData("something else", "", "")]
    public async Task AsksAgainstWhatItHas(string validator, string tag, string date)
    {
        var asked = new List<HttpRequestMessage>();
        using HttpClient http = Client(request => Answer(HttpStatusCode.NotModified), asked);

        await using FeedDocument? document = await new FeedSource("https://f.example.com", http).OpenAsync("", validator, Token);

        Assert.True(document!.IsUnchanged);
        Assert.Equal((tag, date), (asked[0].Headers.IfNoneMatch.ToString(), asked[0].Headers.IfModifiedSince?.ToString("R") ?? ""));
    }

    [Fact]
    public async Task TakesTheDateWhereThereIsNoTag()
    {
        using HttpClient http = Client(request =>
        {
            HttpResponseMessage answer = Answer(HttpStatusCode.OK);
            answer.Content.Headers.LastModified = new DateTimeOffset(2024, 12, 3, 10, 11, 12, TimeSpan.Zero);
            return answer;
        });

        await using FeedDocument? document = await new FeedSource("https://f.example.com", http).OpenAsync("", null, Token);

        Assert.Equal("Tue, 03 Dec 2024 10:11:12 GMT", document!.Validator);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task WaitsAsLongAsABusyServerAsks(HttpStatusCode status)
    {
        var clock = new FakeTimeProvider(TestSnapshot.BuiltAt);
        var asked = new List<DateTimeOffset>();
        using HttpClient http = Client(
            request =>
            {
                asked.Add(clock.GetUtcNow());
                HttpResponseMessage answer = Answer(asked.Count == 1 ? status : HttpStatusCode.OK);
                answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(30));
                return answer;
            },
            clock: clock);

        Task<FeedDocument?> opening = new FeedSource("https://f.example.com", http).OpenAsync("", null, Token);
        clock.Advance(TimeSpan.FromSeconds(29));
        int before = asked.Count;
        clock.Advance(TimeSpan.FromSeconds(1));
        await using FeedDocument? document = await opening;

        Assert.Equal((1, 2), (before, asked.Count));
        Assert.NotNull(document);
    }

    [Fact]
    public async Task LeavesAServerAloneThatAsksForTooMuch()
    {
        int asked = 0;
        using HttpClient http = Client(request =>
        {
            asked++;
            HttpResponseMessage answer = Answer(HttpStatusCode.TooManyRequests);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromHours(1));
            return answer;
        });

        FeedException refused = await Assert.ThrowsAsync<FeedException>(() => new FeedSource("https://f.example.com/x?key=secret", http).OpenAsync("", null, Token));

        Assert.Equal(1, asked);
        Assert.Equal("https://f.example.com/x answered 429 Too Many Requests.", refused.Message);
    }

    [Fact]
    public async Task TriesABrokenConnectionAFewTimes()
    {
        int asked = 0;
        using HttpClient http = Client(request => ++asked < 3 ? throw new HttpRequestException("broken") : Answer(HttpStatusCode.OK));

        await using FeedDocument? document = await new FeedSource("https://f.example.com", http).OpenAsync("", null, Token);

        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GivesUpABodyThatStalls(bool asynchronously)
    {
        using HttpClient http = Client(request => new HttpResponseMessage { Content = new StreamContent(new StalledStream()) });
        var source = new FeedSource("https://f.example.com", http) { StallTimeout = TimeSpan.FromMilliseconds(50) };
        await using FeedDocument document = (await source.OpenAsync("", null, Token))!;

        IOException stalled = asynchronously
            ? await Assert.ThrowsAsync<IOException>(async () => await document.Content.ReadExactlyAsync(new byte[10], Token))
            : Assert.Throws<IOException>(() => document.Content.ReadByte());

        Assert.Equal("No byte came for 0.05 seconds.", stalled.Message);
    }

    [Fact]
    public async Task ReadsNoMoreThanADocumentMayHave()
    {
        using HttpClient http = Client(request => new HttpResponseMessage { Content = new ByteArrayContent(new byte[1001]) });
        var source = new FeedSource("https://f.example.com", http) { MaxDocumentBytes = 1000 };
        await using FeedDocument document = (await source.OpenAsync("", null, Token))!;

        await Assert.ThrowsAsync<InvalidDataException>(() => document.Content.CopyToAsync(Stream.Null, Token));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    public async Task LeadsNowhereElse(string path)
    {
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();

        await Assert.ThrowsAsync<FeedException>(() => new FeedSource(folder.Path, http).OpenAsync(path, null, Token));
        await Assert.ThrowsAsync<FeedException>(() => new FeedSource("https://f.example.com", http).OpenAsync(path, null, Token));
    }

    [Fact]
    public async Task KnowsAFileByItsDateAndLength()
    {
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        var source = new FeedSource(folder.Path, http);
        await File.WriteAllTextAsync(folder.File("a"), "old", Token);
        await using FeedDocument? first = await source.OpenAsync("a", null, Token);

        await using FeedDocument? same = await source.OpenAsync("a", first!.Validator, Token);
        await File.WriteAllTextAsync(folder.File("a"), "longer", Token);
        await using FeedDocument? other = await source.OpenAsync("a", first.Validator, Token);

        Assert.Equal((true, false), (same!.IsUnchanged, other!.IsUnchanged));
        Assert.Null(await source.OpenAsync("b", null, Token));
    }

    private static HttpClient Client(Func<HttpRequestMessage, HttpResponseMessage> answer, List<HttpRequestMessage>? asked = null, TimeProvider? clock = null) =>
        FeedHttp.Create(new FeedRetries(new Handler(answer, asked ?? []), clock ?? Clock) { FirstDelay = TimeSpan.Zero });

    private static HttpResponseMessage Answer(HttpStatusCode status) => new(status) { Content = new ByteArrayContent([]) };

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answer, List<HttpRequestMessage> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add(request);
            return Task.FromResult(answer(request));
        }
    }

    private sealed class StalledStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
