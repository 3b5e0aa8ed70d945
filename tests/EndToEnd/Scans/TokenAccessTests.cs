using System.Net;
using System.Text.Json;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class TokenAccessTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly string[] OpenToAll = [Routes.Ping, Routes.Metadata, Routes.Health, Routes.Ready, Routes.GrpcPing, Routes.Page, Routes.PageAsset];

    private TokenServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TokenServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task IsNeededForEveryRouteButTheOpenOnes()
    {
        // One that is proved by its body is refused by what its body lacks (ExchangeTests).
        foreach (Operation operation in Operations.All.Where(operation => !operation.HasProofInBody))
        {
            ApiAnswer answer = await _server.SendAsync(operation.Method, PathOf(operation), token: null);

            if (OpenToAll.Contains(operation.Route))
            {
                // What speaks gRPC-Web says to JSON that it does not, to whoever may come in; and the page has no part of that name.
                HttpStatusCode expected = operation.IsGrpc ? HttpStatusCode.UnsupportedMediaType
                    : operation.Route == Routes.PageAsset ? HttpStatusCode.NotFound
                    : HttpStatusCode.OK;
                Assert.Equal((operation.Route, expected), (operation.Route, answer.Status));
                continue;
            }

            Assert.Equal((operation.Route, HttpStatusCode.Unauthorized), (operation.Route, answer.Status));
            Assert.Equal(RefusalOf(operation), answer.Text);
            // A browser can bring a name and a password only, and asks for them where it is told to.
            Assert.Equal(operation.IsForBrowsers ? ["Bearer", "Basic"] : ["Bearer"], answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        }
    }

    [Fact]
    public async Task OfAReaderLetsReadButNotScan()
    {
        ApiAnswer scan = await _server.SendAsync("POST", "/v1/images/scan", TokenServer.Reader, new StringContent("{}"));
        ApiAnswer list = await _server.SendAsync("GET", "/v1/images", TokenServer.Reader);

        Assert.Equal(HttpStatusCode.OK, list.Status);
        Assert.Equal(HttpStatusCode.Forbidden, scan.Status);
        Assert.Equal(
            """{"error":"not authorized: \"READ_WRITE_ACCESS\" for \"Image\"","code":7,"message":"not authorized: \"READ_WRITE_ACCESS\" for \"Image\"","details":[]}""",
            scan.Text);
    }

    [Fact]
    public async Task OfAnAdministratorLetsWatchImages()
    {
        ApiAnswer list = await _server.SendAsync("GET", "/v1/watchedimages", TokenServer.Reader);
        ApiAnswer watch = await _server.SendAsync("POST", "/v1/watchedimages", TokenServer.Scanner, new StringContent("{}"));
        ApiAnswer unwatch = await _server.SendAsync("DELETE", "/v1/watchedimages?name=nginx", TokenServer.Scanner);
        ApiAnswer allowed = await _server.SendAsync("DELETE", "/v1/watchedimages?name=nginx", TokenServer.Admin);

        Assert.Equal((HttpStatusCode.OK, """{"watchedImages":[]}"""), (list.Status, list.Text));
        Assert.All(
            new[] { watch, unwatch },
            answer => Assert.Equal((HttpStatusCode.Forbidden, "not authorized: \"READ_WRITE_ACCESS\" for \"WatchedImage\""), (answer.Status, answer.Message)));
        Assert.Equal((HttpStatusCode.OK, "{}"), (allowed.Status, allowed.Text));
    }

    [Fact]
    public async Task OfAScannerLetsScanAndRead()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        await using TokenServer server = await TokenServer.StartAsync(azurite, registry.Host);
        string name = registry.Push("made/image", "1", DemoImage.Build());

        ApiAnswer scanned = await server.ScanAsync(name);
        ApiAnswer stored = await server.SendAsync("GET", $"/v1/images/{scanned.Id}", TokenServer.Reader);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (scanned.Status, stored.Status));
        Assert.Equal(scanned.Findings, stored.Findings);
    }

    [Fact]
    public async Task ThatIsNobodysIsRefusedAndThenLimited()
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            ApiAnswer wrong = await _server.SendAsync("GET", "/v1/images", $"wrong {i}");
            Assert.Equal(
                (HttpStatusCode.Unauthorized, "credentials not found: token-based: cannot extract identity: token validation failed"), (wrong.Status, wrong.Message));
        }

        ApiAnswer limited = await _server.SendAsync("GET", "/v1/images", "wrong again");
        ApiAnswer right = await _server.SendAsync("GET", "/v1/images", TokenServer.Reader);

        Assert.Equal(HttpStatusCode.TooManyRequests, limited.Status);
        JsonElement detail = Assert.Single(limited.Json.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", detail.GetProperty("@type").GetString());
        Assert.Equal(HttpStatusCode.OK, right.Status);
    }

    private static string PathOf(Operation operation) => operation.Path.Replace("{id}", DemoImage.Build().Manifest.Digest.ToString(), StringComparison.Ordinal);

    private static string RefusalOf(Operation operation) => operation switch
    {
        { IsStream: true } => """{"error":{"grpcCode":16,"httpCode":401,"message":"credentials not found","httpStatus":"Unauthorized","details":[]}}""",
        { IsForHarbor: true } => """{"error":{"message":"credentials not found"}}""",
        _ => """{"error":"credentials not found","code":16,"message":"credentials not found","details":[]}""",
    };
}
