using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Access;

// Forms: https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/auth_service.proto and proto/storage/user.proto
[Collection(StateServers.Name)]
public sealed class AuthStatusTests(SharedAzurite azurite) : IAsyncLifetime
{
    private TokenServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TokenServer.StartAsync(
        azurite,
        [
            ("Storage:Prefix", ScanApp.NewPrefix()),
            ("Access:Users:0:Name", "alice"),
            ("Access:Users:0:Hash", "$2y$05$iEXhTYyMvuSHtMgOpJmvoOJ3RpONJ9Ui/rvz6E9oYy85rV2HcF2k."),
            ("Access:Users:0:Role", "approver"),
        ]);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task SaysWhoTheCallerIs()
    {
        ApiAnswer answer = await _server.SendAsync("GET", "/v1/auth/status", TokenServer.Reader);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ["userId", "expires", "refreshUrl", "authProvider", "userInfo", "userAttributes", "idpToken"], answer.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("auth-token:token 0", answer.Json.GetProperty("userId").GetString());
        Assert.Equal("9999-12-31T23:59:59.999999900Z", answer.Json.GetProperty("expires").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("authProvider").ValueKind);
        Assert.Equal(
            """[{"key":"name","values":["token 0"]},{"key":"role","values":["Analyst"]}]""", answer.Json.GetProperty("userAttributes").GetRawText());
        JsonElement user = answer.Json.GetProperty("userInfo");
        Assert.Equal(["username", "friendlyName", "permissions", "roles"], user.EnumerateObject().Select(field => field.Name));
        Assert.Equal("READ_ACCESS", user.GetProperty("permissions").GetProperty("resourceToAccess").GetProperty("Image").GetString());
        JsonElement role = Assert.Single(user.GetProperty("roles").EnumerateArray());
        Assert.Equal("Analyst", role.GetProperty("name").GetString());
        Assert.Equal("READ_ACCESS", role.GetProperty("resourceToAccess").GetProperty("WatchedImage").GetString());
    }

    [Fact]
    public async Task KnowsPeopleByTheirNames()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/auth/status");
        request.Headers.TryAddWithoutValidation("Authorization", $"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:open sesame"))}");

        ApiAnswer answer = await _server.SendAsync(request);

        Assert.Equal("alice", answer.Json.GetProperty("userId").GetString());
        Assert.Equal("alice", answer.Json.GetProperty("userInfo").GetProperty("username").GetString());
        Assert.Equal(
            """[{"key":"role","values":["Vulnerability Management Approver"]},{"key":"username","values":["alice"]}]""",
            answer.Json.GetProperty("userAttributes").GetRawText());
    }

    [Fact]
    public async Task DescribesATokenInTheWordsOfStackRox()
    {
        ApiAnswer generated = await _server.SendAsync(
            "POST", "/v1/apitokens/generate", TokenServer.Admin, JsonContent.Create(new { name = "ci", role = "Continuous Integration", expiration = "2999-01-02T03:04:05Z" }));
        string id = generated.Json.GetProperty("metadata").GetProperty("id").GetString()!;

        ApiAnswer answer = await _server.SendAsync("GET", "/v1/auth/status", generated.Json.GetProperty("token").GetString());

        Assert.Equal(($"auth-token:{id}", "2999-01-02T03:04:05Z"), (answer.Json.GetProperty("userId").GetString(), answer.Json.GetProperty("expires").GetString()));
        Assert.Equal(
            $"anonymous bearer token \"ci\" with roles [Continuous Integration] (jti: {id}, expires: 2999-01-02T03:04:05Z)",
            answer.Json.GetProperty("userInfo").GetProperty("friendlyName").GetString());
    }

    [Fact]
    public async Task TellsWhatEachRoleMayDo()
    {
        async Task<string> ImagesAsync(string token) => (await _server.SendAsync("GET", "/v1/mypermissions", token)).Json
            .GetProperty("resourceToAccess").GetProperty("Image").GetString()!;
        ApiAnswer scanner = await _server.SendAsync("GET", "/v1/mypermissions", TokenServer.Scanner);

        Assert.Equal(("READ_ACCESS", "READ_WRITE_ACCESS"), (await ImagesAsync(TokenServer.Reader), await ImagesAsync(TokenServer.Scanner)));
        Assert.Equal("READ_ACCESS", scanner.Json.GetProperty("resourceToAccess").GetProperty("WatchedImage").GetString());
        Assert.Equal("READ_ACCESS", scanner.Json.GetProperty("resourceToAccess").GetProperty("Integration").GetString());
        Assert.Equal("READ_ACCESS", scanner.Json.GetProperty("resourceToAccess").GetProperty("Detection").GetString());
        // There is nothing to write in the others.
        Assert.All(
            (await _server.SendAsync("GET", "/v1/mypermissions", TokenServer.Admin)).Json.GetProperty("resourceToAccess").EnumerateObject(),
            resource => Assert.Equal(
                resource.Name is "Access" or "Detection" or "WorkflowAdministration" ? "READ_ACCESS" : "READ_WRITE_ACCESS", resource.Value.GetString()));
    }

    [Fact]
    public async Task KnowsNobodyWithoutACredential()
    {
        ApiAnswer answer = await _server.SendAsync("GET", "/v1/auth/status", token: null);

        Assert.Equal((HttpStatusCode.Unauthorized, "credentials not found"), (answer.Status, answer.Message));
    }
}
