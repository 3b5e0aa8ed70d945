using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Access;

[Collection(StateServers.Name)]
public sealed class ExchangeTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Main = "repo:octo/app:ref:refs/heads/main";

    private OidcServer _issuer = null!;
    private TokenServer _server = null!;

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    public async ValueTask InitializeAsync()
    {
        _issuer = await OidcServer.StartAsync(TestContext.Current.CancellationToken);
        _server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Access:Issuers:0:Issuer", _issuer.Issuer),
                ("Access:Issuers:0:Audience", OidcServer.Audience),
                ("Access:Issuers:0:SubjectPattern", "repo:octo/[^:]+:ref:refs/heads/main"),
                ("Access:Issuers:0:Role", "scan"),
                ("Access:Issuers:0:AllowPrivateAddress", "true"),
                ("Access:ExchangeMinutes", "5"),
                ("Access:RequestsPerMinute", "20"),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("idToken")]
    [InlineData("id_token")]
    public async Task GivesATokenForAJwt(string field)
    {
        ApiAnswer exchanged = await ExchangeAsync(new Dictionary<string, string> { [field] = _issuer.Token(_issuer.Claims(Now)) });
        string token = exchanged.Json.GetProperty("accessToken").GetString()!;

        ApiAnswer status = await _server.SendAsync("GET", "/v1/auth/status", token);
        ApiAnswer forbidden = await _server.SendAsync("GET", "/v1/apitokens", token);

        Assert.StartsWith("isx_", token, StringComparison.Ordinal);
        Assert.Equal($"{_issuer.Issuer}|{Main}", status.Json.GetProperty("userId").GetString());
        Assert.InRange(status.Json.GetProperty("expires").GetDateTimeOffset(), Now.AddMinutes(4), Now.AddMinutes(5));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
    }

    [Fact]
    public async Task IsNotNeededByWhoSendsTheJwtItself()
    {
        ApiAnswer status = await _server.SendAsync("GET", "/v1/auth/status", _issuer.Token(_issuer.Claims(Now)));

        Assert.Equal((HttpStatusCode.OK, $"{_issuer.Issuer}|{Main}"), (status.Status, status.Json.GetProperty("userId").GetString()));
    }

    // Texts: https://github.com/stackrox/stackrox/blob/4.5.0/central/auth/m2m/exchanger.go
    [Fact]
    public async Task RefusesEverythingElse()
    {
        Dictionary<string, object?> late = _issuer.Claims(Now);
        late["exp"] = Now.AddMinutes(-5).ToUnixTimeSeconds();
        Dictionary<string, object?> stranger = _issuer.Claims(Now);
        stranger["iss"] = "https://issuer.example.com";
        (object Body, string Message)[] wrong =
        [
            (new { }, "ID token could not be parsed"),
            (new { idToken = "x" }, "ID token could not be parsed"),
            (new { idToken = _issuer.Token(stranger) }, "issuer \"https://issuer.example.com\" is not configured"),
            (new { idToken = _issuer.Token(late) }, "ID token is invalid"),
            (new { idToken = OidcKey.Rsa("first").Token(_issuer.Claims(Now)) }, "ID token is invalid"),
            (new { idToken = _issuer.Token(_issuer.Claims(Now, "repo:evil/app:ref:refs/heads/main")) },
                "resolving roles for id token: access for this user is not authorized: no valid role, please contact your system administrator"),
        ];
        foreach ((object body, string message) in wrong)
        {
            ApiAnswer answer = await ExchangeAsync(body);

            Assert.Equal((HttpStatusCode.Unauthorized, message, 16), (answer.Status, answer.Message, answer.Json.GetProperty("code").GetInt32()));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await ExchangeAsync(new { idToken = 1 })).Status);
    }

    [Fact]
    public async Task CountsWrongJwtsAsWrongCredentials()
    {
        ApiAnswer answer = await ExchangeAsync(new { });
        for (int i = 0; i < 10; i++)
        {
            answer = await ExchangeAsync(new { });
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", Assert.Single(answer.Json.GetProperty("details").EnumerateArray()).GetProperty("@type").GetString());
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(new { idToken = _issuer.Token(_issuer.Claims(Now)) })).Status);
    }

    [Fact]
    public async Task LimitsEachCallerAsAllItsRequests()
    {
        string jwt = _issuer.Token(_issuer.Claims(Now));
        ApiAnswer answer = null!;
        for (int i = 0; i <= 20; i++)
        {
            answer = await ExchangeAsync(new { idToken = jwt });
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "too many requests from this caller"), (answer.Status, answer.Message));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _server.SendAsync("GET", "/v1/images", jwt)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync("GET", "/v1/images", TokenServer.Reader)).Status);
    }

    [Fact]
    public async Task SaysThatTheIssuerCannotBeAsked()
    {
        _issuer.IsBroken = true;

        ApiAnswer exchanged = await ExchangeAsync(new { idToken = _issuer.Token(_issuer.Claims(Now)) });
        ApiAnswer direct = await _server.SendAsync("GET", "/v1/images", _issuer.Token(_issuer.Claims(Now)));
        ApiAnswer open = await _server.SendAsync("GET", "/v1/metadata", _issuer.Token(_issuer.Claims(Now)));

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, $"the keys of the issuer {_issuer.Issuer} are not to be had: it answered 503"), (exchanged.Status, exchanged.Message));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (direct.Status, open.Status));
    }

    [Fact]
    public async Task IsNotListedAmongTokens()
    {
        await ExchangeAsync(new { idToken = _issuer.Token(_issuer.Claims(Now)) });

        Assert.Equal("""{"tokens":[]}""", (await _server.SendAsync("GET", "/v1/apitokens", TokenServer.Admin)).Text);
    }

    private Task<ApiAnswer> ExchangeAsync(object body) =>
        _server.SendAsync("POST", "/v1/auth/m2m/exchange", token: null, new StringContent(JsonSerializer.Serialize(body)));
}
