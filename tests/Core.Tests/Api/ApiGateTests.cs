using System.IO.Compression;
using System.Net;
using System.Text;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Tests.Api;

public sealed class ApiGateTests : IDisposable
{
    private static readonly AccessSettings Settings = new()
    {
        Tokens =
        [
            new AccessToken { Name = "reader", Hash = TokenTableTests.HashOf("r"), Role = AccessRole.Read },
            new AccessToken { Name = "sc\u001banner", Hash = TokenTableTests.HashOf("s"), Role = AccessRole.Scan },
        ],
    };

    private readonly LogLines _log = new();
    private readonly List<MadeAccess> _made = [];

    public void Dispose() => _made.ForEach(access => access.Dispose());

    [Fact]
    public async Task AnswersInJson()
    {
        HttpContext context = await Ask(Operations.Ping, Pong);

        Assert.Equal((200, "application/json", """{"status":"ok"}"""), (context.Response.StatusCode, context.Response.ContentType, BodyOf(context)));
        Assert.Equal(15, context.Response.ContentLength);
    }

    [Fact]
    public async Task SendsTheHeadersOfAResult()
    {
        HttpContext context = await Ask(
            Operations.Ping, (_, _) => Task.FromResult(ApiResult.Json(new WirePing(), 202).With("Location", "/there").With("location", "/here").With("Retry-After", null)));

        Assert.Equal((202, "/here", "no-store"), (context.Response.StatusCode, context.Response.Headers.Location.ToString(), context.Response.Headers.CacheControl.ToString()));
        Assert.False(context.Response.Headers.ContainsKey("Retry-After"));
    }

    [Theory]
    [InlineData(null, 401, """{"error":"credentials not found","code":16,"message":"credentials not found","details":[]}""")]
    [InlineData("Bearer x", 401, """{"error":"credentials not found: token-based: cannot extract identity: token validation failed","code":16,"message":"credentials not found: token-based: cannot extract identity: token validation failed","details":[]}""")]
    [InlineData("Basic eDp5", 401, """{"error":"credentials not found: basic: cannot extract identity: failed to identify user with username \"x\"","code":16,"message":"credentials not found: basic: cannot extract identity: failed to identify user with username \"x\"","details":[]}""")]
    [InlineData("Basic eA==", 401, """{"error":"credentials not found: basic: cannot extract identity: failed to parse basic auth token","code":16,"message":"credentials not found: basic: cannot extract identity: failed to parse basic auth token","details":[]}""")]
    [InlineData("Digest x", 401, """{"error":"credentials not found","code":16,"message":"credentials not found","details":[]}""")]
    [InlineData("Basic c2MbYW5uZXI6cw==", 200, """{"status":"ok"}""")]
    [InlineData("Bearer r", 403, """{"error":"not authorized: \"READ_WRITE_ACCESS\" for \"Image\"","code":7,"message":"not authorized: \"READ_WRITE_ACCESS\" for \"Image\"","details":[]}""")]
    [InlineData("Bearer s", 200, """{"status":"ok"}""")]
    public async Task LetsInWhoMayComeIn(string? authorization, int status, string body)
    {
        HttpContext context = await Ask(Operations.ScanImage, Pong, request => request.Headers.Authorization = authorization);

        Assert.Equal((status, body), (context.Response.StatusCode, BodyOf(context)));
        Assert.Equal(status == 401 ? "Bearer" : "", context.Response.Headers.WWWAuthenticate.ToString());
    }

    [Fact]
    public async Task RefusesAPasswordThatABrowserHasAdded()
    {
        HttpContext context = await Ask(Operations.ScanImage, Pong, request =>
        {
            request.Headers.Authorization = "Basic c2MbYW5uZXI6cw==";
            request.Headers["Sec-Fetch-Site"] = "cross-site";
        });

        Assert.Equal(403, context.Response.StatusCode);
        Assert.Contains("requests that a page of another site makes are refused", BodyOf(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LimitsTheRequestsOfACaller()
    {
        ApiGate gate = GateWith(AccessMode.Tokens, settings: Settings with { RequestsPerMinute = 2 });
        void AsScanner(HttpRequest request) => request.Headers.Authorization = "Bearer s";
        await Ask(Operations.ScanImage, Pong, AsScanner, gate);
        await Ask(Operations.Metadata, Pong, AsScanner, gate);

        HttpContext limited = await Ask(Operations.ScanImage, Pong, AsScanner, gate);
        HttpContext probe = await Ask(Operations.Health, Pong, AsScanner, gate);
        HttpContext ping = await Ask(Operations.Ping, Pong, AsScanner, gate);
        HttpContext other = await Ask(Operations.GetImage, Pong, request => request.Headers.Authorization = "Bearer r", gate);

        Assert.Equal(429, limited.Response.StatusCode);
        string wait = limited.Response.Headers.RetryAfter.ToString();
        Assert.InRange(int.Parse(wait, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(
            $$"""{"error":"too many requests from this caller","code":8,"message":"too many requests from this caller","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{wait}}s"}]}""",
            BodyOf(limited));
        Assert.Equal((200, 200, 200), (probe.Response.StatusCode, ping.Response.StatusCode, other.Response.StatusCode));
    }

    [Fact]
    public async Task DoesNoChangeThatItCannotKeep()
    {
        bool ran = false;

        HttpContext context = await Ask(
            Operations.RevokeApiToken,
            (_, _) =>
            {
                ran = true;
                return Task.FromResult(ApiResult.Text("ran"));
            },
            gate: GateWith(AccessMode.Loopback));

        Assert.Equal((503, false), (context.Response.StatusCode, ran));
        Assert.Contains("\"code\":14,", BodyOf(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunsNoHandlerForWhoMayNotComeIn()
    {
        bool ran = false;

        await Ask(Operations.ScanImage, (_, _) =>
        {
            ran = true;
            return Task.FromResult(ApiResult.Text("ran"));
        });

        Assert.False(ran);
    }

    [Fact]
    public async Task SaysWhenToTryAgainAfterTooManyFailures()
    {
        ApiGate gate = GateWith(AccessMode.Tokens);
        HttpContext context = null!;
        for (int i = 0; i <= FailedAttempts.MaxPerWindow; i++)
        {
            context = await Ask(Operations.ScanImage, Pong, request => request.Headers.Authorization = "Bearer x", gate);
        }

        Assert.Equal(429, context.Response.StatusCode);
        Assert.Equal("60", context.Response.Headers.RetryAfter.ToString());
        Assert.Equal(
            """{"error":"too many requests with wrong credentials from this address","code":8,"message":"too many requests with wrong credentials from this address","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"60s"}]}""",
            BodyOf(context));
    }

    [Fact]
    public async Task RefusesAForeignPageOnLoopback()
    {
        HttpContext context = await Ask(Operations.Ping, Pong, request => request.Headers.Origin = "https://<evil>.example", GateWith(AccessMode.Loopback));

        Assert.Equal(403, context.Response.StatusCode);
        Assert.StartsWith(
            """{"error":"not authorized: requests that a page of another origin makes are refused (Origin \"https://\u003cevil\u003e.example\")","code":7,""",
            BodyOf(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TurnsExceptionsIntoErrorBodies()
    {
        HttpContext context = await Ask(Operations.Ping, (_, _) => throw new RegistryException("no such image"));

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal("application/json", context.Response.ContentType);
        Assert.Equal(
            """{"error":"image enrichment error: no such image","code":13,"message":"image enrichment error: no such image","details":[]}""",
            BodyOf(context));
    }

    [Fact]
    public async Task LogsWhatNobodyForesawAndTellsTheCallerWhere()
    {
        HttpContext context = await Ask(Operations.Ping, (_, _) => throw new InvalidOperationException("se\ncret\u001b[2J"));

        Assert.Equal(500, context.Response.StatusCode);
        Assert.DoesNotContain("cret", BodyOf(context), StringComparison.Ordinal);
        string line = Assert.Single(_log.Lines);
        Assert.StartsWith("Error Request failed Ping 500", line, StringComparison.Ordinal);
        Assert.Contains("cret", line, StringComparison.Ordinal);
        Assert.Contains(context.TraceIdentifier, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogsOneLineARequestWithoutSecretsAndControlCharacters()
    {
        await Ask(Operations.ScanImage, Pong, request => request.Headers.Authorization = "Bearer s");
        await Ask(Operations.ScanImage, (_, _) => throw Refusals.ImageNameUnreadable("a\r\nb\u001b", "invalid reference format"), request => request.Headers.Authorization = "Bearer s");
        await Ask(Operations.ScanImage, Pong, request => request.Headers.Authorization = "Bearer top-secret");

        Assert.Equal(3, _log.Lines.Count);
        Assert.StartsWith("Information Request done ScanImage 200 in 00:00:00 by sc?anner", _log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Information Request failed ScanImage 401 in 00:00:00 by unknown", _log.Lines[2], StringComparison.Ordinal);
        Assert.Contains(_log.Lines, line => line.Contains("image name 'a??b?'", StringComparison.Ordinal));
        Assert.All(_log.Lines, line => Assert.False(line.Any(char.IsControl) || line.Contains("top-secret", StringComparison.Ordinal), line));
    }

    [Theory]
    [InlineData("?pretty", "")]
    [InlineData("", "application/json+pretty")]
    public async Task IndentsWhenAsked(string query, string accept)
    {
        HttpContext context = await Ask(Operations.Ping, Pong, request =>
        {
            request.QueryString = new QueryString(query);
            request.Headers.Accept = accept;
        });

        Assert.Equal("{\n  \"status\": \"ok\"\n}", BodyOf(context));
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br;q=1, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("br", false)]
    [InlineData("", false)]
    public async Task CompressesWhenAsked(string accept, bool compressed)
    {
        var id = new string('x', 5_000);

        HttpContext context = await Ask(
            Operations.Ping, (_, _) => Task.FromResult(ApiResult.Json(new WireImage { Id = id })), request => request.Headers.AcceptEncoding = accept);

        Assert.Equal(compressed ? "gzip" : "", context.Response.Headers.ContentEncoding.ToString());
        Assert.Contains(id, BodyOf(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WritesNothingForACallerWhoIsGone()
    {
        HttpContext context = await Ask(Operations.Ping, (_, token) => throw new OperationCanceledException(token), request =>
            request.HttpContext.RequestAborted = new CancellationToken(canceled: true));

        Assert.Equal("", BodyOf(context));
        Assert.Contains(_log.Lines, line => line.Contains("Request failed Ping 408", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TellsHandlersWhoAsks()
    {
        AccessDecision? seen = null;

        await Ask(Operations.Metadata, (context, _) =>
        {
            seen = context.Features.Get<AccessDecision>();
            return Task.FromResult(ApiResult.Text("ok"));
        }, request => request.Headers.Authorization = "Bearer r");

        Assert.Equal(("reader", true), (seen!.Caller, seen.IsIdentified));
    }

    [Fact]
    public async Task AnswersUnknownRoutesAndMethodsInPlainText()
    {
        DefaultHttpContext notFound = Context();
        DefaultHttpContext notAllowed = Context();

        await GateWith(AccessMode.Tokens).AnswerNotFoundAsync(notFound);
        await GateWith(AccessMode.Tokens).AnswerMethodNotAllowedAsync(notAllowed);

        Assert.Equal((404, "text/plain; charset=utf-8", "Not Found\n"), (notFound.Response.StatusCode, notFound.Response.ContentType, BodyOf(notFound)));
        Assert.Equal((405, "text/plain; charset=utf-8", "Method Not Allowed\n"), (notAllowed.Response.StatusCode, notAllowed.Response.ContentType, BodyOf(notAllowed)));
    }

    [Fact]
    public async Task AnswersUnknownRoutesAndMethodsOfLaterLevelsAsErrors()
    {
        DefaultHttpContext notFound = Context();
        DefaultHttpContext notAllowed = Context();

        await GateWith(AccessMode.Tokens, ApiLevel.Release49).AnswerNotFoundAsync(notFound);
        await GateWith(AccessMode.Tokens, ApiLevel.Release49).AnswerMethodNotAllowedAsync(notAllowed);

        Assert.Equal((404, """{"code":5,"message":"Not Found","details":[],"error":"Not Found"}"""), (notFound.Response.StatusCode, BodyOf(notFound)));
        Assert.Equal(
            (501, """{"code":12,"message":"Method Not Allowed","details":[],"error":"Method Not Allowed"}"""),
            (notAllowed.Response.StatusCode, BodyOf(notAllowed)));
    }

    [Theory]
    [InlineData("latest", true)]
    [InlineData("4.5", false)]
    [InlineData("4.8", false)]
    [InlineData("", false)]
    public async Task AnswersInTheLevelThatIsAskedFor(string asked, bool hasArchitecture)
    {
        var image = new WireImage { Scan = new WireScan { Components = [new WireComponent()] } };

        HttpContext context = await Ask(
            Operations.Ping, (_, _) => Task.FromResult(ApiResult.Json(image)), request => request.Headers["Api-Level"] = asked);

        Assert.Equal(hasArchitecture, BodyOf(context).Contains("\"architecture\":\"\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WorksOnKestrelAlone()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        ApiGate gate = GateWith(AccessMode.Loopback);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost(Operations.ScanImage.Route, context => gate.HandleAsync(context, Operations.ScanImage, async (http, token) =>
            ApiResult.Json(new WireImage { Id = (await ScanImageRequest.ReadAsync(http.Request, token)).ImageName.PadRight(2_000) })));
        await app.StartAsync(cancellationToken);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });

        using HttpResponseMessage answer = await client.PostAsync(new Uri($"{address}/v1/images/scan"), new StringContent("""{"image_name":"nginx"}"""), cancellationToken);

        string body = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("{\"id\":\"nginx  ", body, StringComparison.Ordinal);
    }

    private static Task<ApiResult> Pong(HttpContext context, CancellationToken cancellationToken) => Task.FromResult(ApiResult.Json(new WirePing()));

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext { TraceIdentifier = "trace-1" };
        context.Request.Host = new HostString("localhost:7071");
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static string BodyOf(HttpContext context)
    {
        context.Response.Body.Position = 0;
        Stream body = context.Response.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Response.Body, CompressionMode.Decompress)
            : context.Response.Body;
        return new StreamReader(body, Encoding.UTF8).ReadToEnd();
    }

    private ApiGate GateWith(AccessMode mode, ApiLevel level = ApiLevel.Release45, AccessSettings? settings = null)
    {
        var access = new MadeAccess(settings ?? Settings, mode);
        _made.Add(access);
        return new ApiGate(access.Check, access.Allowance, access.Trail, new ApiSettings { Level = level }, access.Time, _log);
    }

    private async Task<HttpContext> Ask(
        Operation operation, ApiHandler handler, Action<HttpRequest>? with = null, ApiGate? gate = null)
    {
        DefaultHttpContext context = Context();
        with?.Invoke(context.Request);
        await (gate ?? GateWith(AccessMode.Tokens)).HandleAsync(context, operation, handler);
        return context;
    }

    private sealed class LogLines : ILogger<ApiGate>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}{exception}");
    }
}
