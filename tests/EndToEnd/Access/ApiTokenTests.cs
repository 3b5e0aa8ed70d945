using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Access;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Access;

[Collection(StateServers.Name)]
public sealed class ApiTokenTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly string _prefix = ScanApp.NewPrefix();
    private TokenServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task LetsItsHolderInUntilItIsRevoked()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "ci", roles = new[] { "Continuous Integration" } });
        string token = generated.Json.GetProperty("token").GetString()!;
        string id = generated.Json.GetProperty("metadata").GetProperty("id").GetString()!;

        ApiAnswer list = await _server.SendAsync("GET", "/v1/images", token);
        ApiAnswer forbidden = await _server.SendAsync("GET", "/v1/audit", token);
        ApiAnswer revoked = await _server.SendAsync("PATCH", $"/v1/apitokens/revoke/{id}", TokenServer.Admin);
        ApiAnswer after = await _server.SendAsync("GET", "/v1/images", token);
        ApiAnswer again = await _server.SendAsync("PATCH", $"/v1/apitokens/revoke/{id}", TokenServer.Admin);

        Assert.StartsWith("isf_", token, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (list.Status, forbidden.Status));
        Assert.Equal((HttpStatusCode.OK, "{}"), (revoked.Status, revoked.Text));
        Assert.Equal(
            (HttpStatusCode.Unauthorized, "credentials not found: token-based: cannot extract identity: token validation failed"), (after.Status, after.Message));
        Assert.Equal(HttpStatusCode.OK, again.Status);
    }

    [Fact]
    public async Task IsShownOnceAndListedWithoutItsSecret()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "<ci>", role = "Analyst", expiration = "2999-01-02T03:04:05Z" });
        string token = generated.Json.GetProperty("token").GetString()!;
        JsonElement metadata = generated.Json.GetProperty("metadata");
        string id = metadata.GetProperty("id").GetString()!;

        ApiAnswer one = await _server.SendAsync("GET", $"/v1/apitokens/{id}", TokenServer.Admin);
        ApiAnswer all = await _server.SendAsync("GET", "/v1/apitokens", TokenServer.Admin);

        Assert.Equal(
            $$"""{"id":"{{id}}","name":"\u003cci\u003e","roles":["Analyst"],"issuedAt":"{{metadata.GetProperty("issuedAt").GetString()}}","expiration":"2999-01-02T03:04:05Z","revoked":false,"role":"Analyst"}""",
            one.Text);
        Assert.Equal($$"""{"tokens":[{{one.Text}}]}""", all.Text);
        Assert.Equal(one.Text, metadata.GetRawText());
        Assert.DoesNotContain(token[^40..], all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LivesForAYearUnlessSaid()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "ci", roles = new[] { "scan", "Vulnerability Management Requester", "SCAN" } });

        JsonElement metadata = generated.Json.GetProperty("metadata");
        Assert.Equal(TimeSpan.FromDays(365), metadata.GetProperty("expiration").GetDateTimeOffset() - metadata.GetProperty("issuedAt").GetDateTimeOffset());
        Assert.Equal(
            ["Continuous Integration", "Vulnerability Management Requester"], metadata.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!));
        Assert.Equal("", metadata.GetProperty("role").GetString());
    }

    [Fact]
    public async Task IsWorthNothingWhenItsTimeIsOver()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "short", role = "read", expiration = DateTimeOffset.UtcNow.AddSeconds(2).ToString("O") });
        string token = generated.Json.GetProperty("token").GetString()!;

        ApiAnswer last = await Eventually.GetAsync(
            () => _server.SendAsync("GET", "/v1/images", token), answer => answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests);

        Assert.Equal(HttpStatusCode.Unauthorized, last.Status);
    }

    [Fact]
    public async Task OpensNothingElsewhereOnceItIsRevokedHere()
    {
        await using TokenServer other = await StartAsync();
        ApiAnswer generated = await GenerateAsync(new { name = "ci", role = "read" });
        string token = generated.Json.GetProperty("token").GetString()!;
        ApiAnswer before = await other.SendAsync("GET", "/v1/images", token);
        await _server.SendAsync("PATCH", $"/v1/apitokens/revoke/{generated.Json.GetProperty("metadata").GetProperty("id").GetString()}", TokenServer.Admin);
        DateTimeOffset revokedAt = DateTimeOffset.UtcNow;

        await Eventually.GetAsync(() => other.SendAsync("GET", "/v1/images", token), answer => answer.Status == HttpStatusCode.Unauthorized);

        Assert.Equal(HttpStatusCode.OK, before.Status);
        Assert.InRange(DateTimeOffset.UtcNow - revokedAt, TimeSpan.Zero, ApiTokens.Held + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task MayBeThePasswordOfItsName()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "jenkins", role = "scan" });
        string token = generated.Json.GetProperty("token").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await BasicAsync("jenkins", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BasicAsync("hudson", token)).Status);
    }

    [Fact]
    public async Task CannotBeChangedByABit()
    {
        ApiAnswer generated = await GenerateAsync(new { name = "ci", role = "read" });
        string token = generated.Json.GetProperty("token").GetString()!;

        for (int i = 4; i < token.Length; i += 9)
        {
            string changed = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";
            Assert.Equal(HttpStatusCode.Unauthorized, (await _server.SendAsync("GET", "/v1/images", changed)).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.SendAsync("GET", "/v1/images", "isx" + token[3..])).Status);
    }

    // Texts: https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/service/service_impl.go
    [Theory]
    [InlineData("""{}""", "token name cannot be empty: invalid arguments")]
    [InlineData("""{"name":"a","role":"Admin","roles":["Analyst"]}""", "must use either role or roles, but not both: invalid arguments")]
    [InlineData("""{"name":"a","roles":["Analyst","Boss","None"]}""", "role(s) Boss,None don't exist: invalid arguments")]
    [InlineData("""{"name":"a"}""", "token needs a role: invalid arguments")]
    [InlineData("""{"name":"a","role":"Admin","expiration":"2020-01-01T00:00:00Z"}""", "Expiration date cannot be in the past")]
    [InlineData("""{"name":"a","roles":"Admin"}""", "json: cannot unmarshal string into Go value of type []json.RawMessage")]
    [InlineData("""{"name":"a","roles":[1]}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"name":"a","expiration":5}""", "json: cannot unmarshal number into Go value of type string")]
    public async Task IsRefusedInTheWordsOfStackRox(string body, string message)
    {
        ApiAnswer answer = await _server.SendAsync("POST", "/v1/apitokens/generate", TokenServer.Admin, new StringContent(body));

        Assert.Equal((HttpStatusCode.BadRequest, message, 3), (answer.Status, answer.Message, answer.Json.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task ExpiresAtAMomentAndNotSomeDay()
    {
        ApiAnswer answer = await _server.SendAsync(
            "POST", "/v1/apitokens/generate", TokenServer.Admin, new StringContent("""{"name":"a","role":"Admin","expiration":"tomorrow"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("bad Timestamp: parsing time \"tomorrow\"", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsMissedInTheWordsOfStackRox()
    {
        ApiAnswer one = await _server.SendAsync("GET", "/v1/apitokens/none", TokenServer.Admin);
        ApiAnswer unknown = await _server.SendAsync("GET", "/v1/apitokens/11111111-2222-3333-4444-555555555555", TokenServer.Admin);
        ApiAnswer revoked = await _server.SendAsync("PATCH", "/v1/apitokens/revoke/none", TokenServer.Admin);

        Assert.Equal((HttpStatusCode.BadRequest, "token with id 'none' does not exist: invalid arguments"), (one.Status, one.Message));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
        Assert.Equal((HttpStatusCode.NotFound, "token with id 'none' does not exist"), (revoked.Status, revoked.Message));
    }

    [Theory]
    [InlineData("?revoked=true", "old")]
    [InlineData("?revoked=false", "new")]
    [InlineData("", "new old")]
    public async Task IsListedByWhetherItIsRevoked(string query, string names)
    {
        ApiAnswer old = await GenerateAsync(new { name = "old", role = "read" });
        await GenerateAsync(new { name = "new", role = "read" });
        await _server.SendAsync("PATCH", $"/v1/apitokens/revoke/{old.Json.GetProperty("metadata").GetProperty("id").GetString()}", TokenServer.Admin);

        ApiAnswer list = await _server.SendAsync("GET", $"/v1/apitokens{query}", TokenServer.Admin);

        // Those of one second come in any order.
        Assert.Equal(names, string.Join(' ', list.Json.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("name").GetString()).Order()));
    }

    [Theory]
    [InlineData(TokenServer.Reader, """{"roleNames":["Analyst"]}""")]
    [InlineData(TokenServer.Scanner, """{"roleNames":["Analyst","Continuous Integration"]}""")]
    [InlineData(TokenServer.Approver, """{"roleNames":["Analyst","Vulnerability Management Approver","Vulnerability Management Requester"]}""")]
    [InlineData(TokenServer.Admin, """{"roleNames":["Admin","Analyst","Continuous Integration","Vulnerability Management Approver","Vulnerability Management Requester"]}""")]
    public async Task MayHaveNoMoreThanWhoeverAsksForIt(string token, string roles) =>
        Assert.Equal(roles, (await _server.SendAsync("GET", "/v1/apitokens/generate/allowed-roles", token)).Text);

    private Task<TokenServer> StartAsync() => TokenServer.StartAsync(azurite, [("Storage:Prefix", _prefix)]);

    private async Task<ApiAnswer> GenerateAsync(object body)
    {
        ApiAnswer answer = await _server.SendAsync("POST", "/v1/apitokens/generate", TokenServer.Admin, JsonContent.Create(body));
        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Status == HttpStatusCode.OK ? "" : answer.Text));
        return answer;
    }

    private async Task<ApiAnswer> BasicAsync(string name, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/images");
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}");
        return await _server.SendAsync(request);
    }
}
