using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ImageScan.Core.Api.Page;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Page;

/// <summary>How the page and its parts come.</summary>
[Collection(PageServers.Name)]
public sealed partial class ServedPageTests(SharedAzurite azurite)
{
    private static readonly string[] Paths = ["/", .. PageFiles.Parts.Select(name => $"/assets/{PageFiles.Version}/{name}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsOpenToEveryoneAndBringsNoChallenge()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite);

        foreach (string path in Paths)
        {
            ApiAnswer page = await server.SendAsync("GET", path, token: null);

            Assert.Equal((path, HttpStatusCode.OK), (path, page.Status));
            Assert.Empty(page.Headers.WwwAuthenticate);
        }
    }

    [Fact]
    public async Task ComesWithEveryHeaderThatKeepsOthersOut()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer page = await app.GetAsync("/");

        Assert.Equal(PageFiles.Policy, Header(page, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(page, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(page, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(page, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(page, "Cross-Origin-Resource-Policy"));
        Assert.StartsWith("camera=()", Header(page, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Headers, sent => sent.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task IsPackedForWhoTakesItSo()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using HttpClient client = ClientOf(app);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using HttpResponseMessage packed = await client.SendAsync(request, Token);
        using HttpResponseMessage plain = await client.GetAsync("/", Token);

        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Equal(PageFiles.Page.Gzip.ToArray(), await packed.Content.ReadAsByteArrayAsync(Token));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("text/html; charset=utf-8", $"{plain.Content.Headers.ContentType}");
        Assert.All([packed, plain], response => Assert.Equal(["Accept-Encoding"], response.Headers.Vary));
    }

    [Fact]
    public async Task IsSentOnceToWhoKeepsIt()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using HttpClient client = ClientOf(app);

        foreach (string path in Paths)
        {
            using HttpResponseMessage first = await client.GetAsync(path, Token);
            EntityTagHeaderValue tag = first.Headers.ETag!;
            using HttpResponseMessage again = await AskAsync(client, path, $"{tag}");
            using HttpResponseMessage any = await AskAsync(client, path, "*");
            using HttpResponseMessage other = await AskAsync(client, path, "\"of-another-release\"");

            string cached = path == "/" ? "no-cache" : "public, max-age=31536000, immutable";
            Assert.Equal(cached, Assert.Single(first.Headers.GetValues("Cache-Control")));
            Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.NotModified, HttpStatusCode.OK), (again.StatusCode, any.StatusCode, other.StatusCode));
            Assert.Equal((tag, cached), (again.Headers.ETag, Assert.Single(again.Headers.GetValues("Cache-Control"))));
            Assert.Empty(await again.Content.ReadAsByteArrayAsync(Token));
        }
    }

    [Fact]
    public async Task NamesPartsThatMayBeKeptForEver()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using HttpClient client = ClientOf(app);

        string page = await client.GetStringAsync("/", Token);
        string[] named = [.. AssetPath().Matches(page).Select(match => match.Groups[1].Value).Distinct()];

        Assert.Equal(PageFiles.Parts.Select(name => $"assets/{PageFiles.Version}/{name}"), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("latest")]
    public async Task IsTheNewestOneUnderAnotherVersionAndNotKept(string version)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer other = await app.GetAsync($"/assets/{version}/app.js");
        ApiAnswer own = await app.GetAsync($"/assets/{PageFiles.Version}/app.js");

        Assert.Equal((HttpStatusCode.OK, "no-cache"), (other.Status, Header(other, "Cache-Control")));
        Assert.Equal(own.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task HasHeadersAlone()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using HttpClient client = ClientOf(app);

        foreach (string path in Paths)
        {
            using HttpResponseMessage whole = await client.GetAsync(path, Token);
            using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Token);

            Assert.Equal((HttpStatusCode.OK, whole.Headers.ETag), (head.StatusCode, head.Headers.ETag));
            Assert.Equal(whole.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
        }
    }

    [Theory]
    [InlineData("/assets/any/nothing.js", "the page has no part \"nothing.js\": not found")]
    [InlineData("/assets/any/index.html", "the page has no part \"index.html\": not found")]
    [InlineData("/assets/any/..%2fPageFiles.cs", "the page has no part \"..%2fPageFiles.cs\": not found")]
    public async Task HasNoPartsButItsOwn(string path, string message)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer answer = await app.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, message), (answer.Status, answer.Message));
    }

    // The root's route has a parameter, which must not take any other path.
    [Theory]
    [InlineData("GET", "/x", HttpStatusCode.NotFound)]
    [InlineData("GET", "/index.html", HttpStatusCode.NotFound)]
    [InlineData("POST", "/x", HttpStatusCode.NotFound)]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/?image=nginx", HttpStatusCode.OK)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    public async Task IsAtTheRootAlone(string method, string path, HttpStatusCode status)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using HttpClient client = ClientOf(app);

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Token);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(path == "/?image=nginx", response.Headers.Contains("Content-Security-Policy"));
    }

    [GeneratedRegex("\"(assets/[^\"]+)\"")]
    private static partial Regex AssetPath();

    private static string Header(ApiAnswer answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static HttpClient ClientOf(ScanApp app) => new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = app.Address };

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return client.SendAsync(request, Token);
    }
}
