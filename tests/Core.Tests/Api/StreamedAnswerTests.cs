using System.IO.Compression;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Storage;
using ImageScan.Core.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Api;

/// <summary>Answers that are written line by line, most of them over a connection, since that is what buffers.</summary>
public sealed class StreamedAnswerTests : IAsyncDisposable
{
    private static readonly Operation Streaming = new("Stream", "GET", "stream", RequiredAccess.Read) { IsStream = true };

    private readonly Channel<WirePing> _messages = Channel.CreateUnbounded<WirePing>();
    private readonly TaskCompletionSource _ended = new();
    private readonly List<IDisposable> _clients = [];
    private WebApplication? _app;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BringsALineBeforeTheNextOneIsThere(bool isCompressed)
    {
        Task<HttpResponseMessage> asked = AskAsync(_ => _messages.Reader.ReadAllAsync(Token), isCompressed);
        _messages.Writer.TryWrite(new WirePing("first"));
        using StreamReader lines = await LinesOfAsync(await asked.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.Equal("""{"status":"first"}""", await NextAsync(lines));

        _messages.Writer.TryWrite(new WirePing("second"));
        Assert.Equal("""{"status":"second"}""", await NextAsync(lines));

        _messages.Writer.Complete();

        Assert.Null(await NextAsync(lines));
    }

    [Fact]
    public async Task IsOfTheTypeAndHeadersOfOtherAnswers()
    {
        _messages.Writer.Complete();

        using HttpResponseMessage empty = await AskAsync(_ => _messages.Reader.ReadAllAsync(Token));

        Assert.Equal((HttpStatusCode.OK, ""), (empty.StatusCode, await empty.Content.ReadAsStringAsync(Token)));
        Assert.Equal(("application/json", "no-store"), ($"{empty.Content.Headers.ContentType}", $"{empty.Headers.CacheControl}"));
    }

    [Fact]
    public async Task AsksForTheNextMessageOnlyWhenTheOneBeforeIsTaken()
    {
        using var flushed = new SemaphoreSlim(0);
        using var taken = new SemaphoreSlim(0);
        int asked = 0;
        DefaultHttpContext context = Context(new SlowBody(flushed, taken));
        Task answered = Gate().HandleAsync(context, Streaming, (_, _) => Task.FromResult(ApiResult.Stream(Count(() => asked++))));

        for (int line = 1; line <= 3; line++)
        {
            Assert.True(await flushed.WaitAsync(TimeSpan.FromSeconds(20), Token), "The line was not let go of.");
            Assert.Equal(line, asked);
            taken.Release();
        }

        await answered;
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task EndsWhenTheCallerIsGone()
    {
        HttpResponseMessage answer = await AskAsync(WithoutEnd);
        using (StreamReader lines = await LinesOfAsync(answer))
        {
            Assert.Equal("""{"status":"ok"}""", await NextAsync(lines));
        }

        _clients.ForEach(client => client.Dispose());

        await _ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Theory]
    [InlineData(ApiLevel.Release45, """{"error":{"grpcCode":14,"httpCode":503,"message":"no \u003ctable\u003e","httpStatus":"Service Unavailable","details":[]}}""")]
    [InlineData(ApiLevel.Release49, """{"error":{"code":14,"message":"no <table>","details":[]}}""" + "\n")]
    public async Task SaysInTheLastLineWhatBrokeItOff(ApiLevel level, string last)
    {
        DefaultHttpContext context = Context(new MemoryStream());

        await Gate(level).HandleAsync(context, Streaming, (_, _) => Task.FromResult(ApiResult.Stream(Broken(lines: 1))));

        Assert.Equal((200, "{\"status\":\"ok\"}\n" + last), (context.Response.StatusCode, BodyOf(context)));
    }

    [Fact]
    public async Task HasTheStatusOfWhatFailsBeforeTheFirstLine()
    {
        DefaultHttpContext context = Context(new MemoryStream());

        await Gate().HandleAsync(context, Streaming, (_, _) => Task.FromResult(ApiResult.Stream(Broken(lines: 0))));

        Assert.Equal(503, context.Response.StatusCode);
        Assert.StartsWith("""{"error":{"grpcCode":14,"httpCode":503,""", BodyOf(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogsWhatBrokeItOff()
    {
        var log = new LogLines();

        await Gate(log: log).HandleAsync(Context(new MemoryStream()), Streaming, (_, _) => Task.FromResult(ApiResult.Stream(Broken(lines: 2))));

        string line = Assert.Single(log.Lines);
        Assert.StartsWith("Warning Request failed Stream 503", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesInTheFormOfALineAndReadsParametersInThatOfTheGateway()
    {
        DefaultHttpContext refused = Context(new MemoryStream());
        DefaultHttpContext unreadable = Context(new MemoryStream());
        refused.Request.Headers.Authorization = "";

        await Gate().HandleAsync(refused, Streaming, (_, _) => throw new InvalidOperationException("It is not let in."));
        await Gate().HandleAsync(unreadable, Streaming, (_, _) => throw new ApiException(GrpcCode.InvalidArgument, "strconv.ParseInt"));

        Assert.Equal(
            (401, """{"error":{"grpcCode":16,"httpCode":401,"message":"credentials not found","httpStatus":"Unauthorized","details":[]}}"""),
            (refused.Response.StatusCode, BodyOf(refused)));
        Assert.Equal((400, """{"error":"strconv.ParseInt","code":3,"message":"strconv.ParseInt","details":[]}"""), (unreadable.Response.StatusCode, BodyOf(unreadable)));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async IAsyncEnumerable<WirePing> Count(Action asked)
    {
        for (int line = 0; line < 3; line++)
        {
            asked();
            yield return new WirePing();
        }

        asked();
        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<WirePing> Broken(int lines)
    {
        for (int line = 0; line < lines; line++)
        {
            yield return new WirePing();
        }

        await Task.CompletedTask;
        throw new StorageException("no <table>");
    }

    private async IAsyncEnumerable<WirePing> WithoutEnd([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return new WirePing();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private async Task<HttpResponseMessage> AskAsync(Func<CancellationToken, IAsyncEnumerable<WirePing>> messages, bool isCompressed = false)
    {
        ApiGate gate = Gate();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        ApiHandler handler = (_, token) => Task.FromResult(ApiResult.Stream(messages(token)));
        _app.MapGet(Streaming.Route, context => gate.HandleAsync(context, Streaming, handler));
        await _app.StartAsync(Token);
        var client = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        _clients.Add(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
        request.Headers.Authorization = new("Bearer", "r");
        if (isCompressed)
        {
            request.Headers.AcceptEncoding.Add(new("gzip"));
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    // A line that is held back would never come.
    private static Task<string?> NextAsync(StreamReader lines) => lines.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);

    private static async Task<StreamReader> LinesOfAsync(HttpResponseMessage answer)
    {
        Stream body = await answer.Content.ReadAsStreamAsync(Token);
        bool isCompressed = answer.Content.Headers.ContentEncoding.Contains("gzip");
        return new StreamReader(isCompressed ? new GZipStream(body, CompressionMode.Decompress) : body, Encoding.UTF8);
    }

    private static DefaultHttpContext Context(Stream body)
    {
        var context = new DefaultHttpContext { TraceIdentifier = "trace-1" };
        context.Request.Headers.Authorization = "Bearer r";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = body;
        return context;
    }

    private static string BodyOf(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private static ApiGate Gate(ApiLevel level = ApiLevel.Release45, ILogger<ApiGate>? log = null)
    {
        var time = new FakeTimeProvider();
        var settings = new AccessSettings { Tokens = [new AccessToken { Name = "reader", Hash = TokenTableTests.HashOf("r"), Role = AccessRole.Read }] };
        var access = new AccessCheck(new TokenTable(settings), new FailedAttempts(time), settings, AccessMode.Tokens);
        return new ApiGate(access, new ApiSettings { Level = level }, time, log ?? NullLogger<ApiGate>.Instance);
    }

    // Says that a line has come, and takes it when the test says so.
    private sealed class SlowBody(SemaphoreSlim flushed, SemaphoreSlim taken) : MemoryStream
    {
        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            flushed.Release();
            await taken.WaitAsync(cancellationToken);
        }
    }

    private sealed class LogLines : ILogger<ApiGate>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
