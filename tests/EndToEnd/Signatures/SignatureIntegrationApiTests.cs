using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Signatures;

[Collection(StateServers.Name)]
public sealed class SignatureIntegrationApiTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Route = "/v1/signatureintegrations";
    private static readonly string Key = NewKey();

    private TokenServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync(ScanApp.NewPrefix());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task KeepsWhatItIsGivenAndListsByName()
    {
        ApiAnswer none = await SendAsync("GET");
        ApiAnswer late = await PostAsync(new { name = "zebra", cosign = new { publicKeys = new[] { new { name = "one", publicKeyPemEnc = Key } } } });
        ApiAnswer early = await PostAsync(new
        {
            name = "acme",
            cosignCertificates = new[] { new { certificateOidcIssuer = "https://accounts\\.acme\\.test", certificateIdentity = ".*@acme\\.test" } },
        });
        ApiAnswer got = await SendAsync("GET", late.Id);
        ApiAnswer list = await SendAsync("GET");

        Assert.Equal("""{"integrations":[]}""", none.Text);
        Assert.Matches("^io\\.stackrox\\.signatureintegration\\.[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", late.Id);
        Assert.Equal(
            $$"""{"id":"{{late.Id}}","name":"zebra","cosign":{"publicKeys":[{"name":"one","publicKeyPemEnc":{{JsonSerializer.Serialize(Key).Replace("\\u002B", "+", StringComparison.Ordinal)}}}]},"cosignCertificates":[]}""",
            late.Text);
        Assert.Equal(late.Text, got.Text);
        Assert.Equal($$"""{"integrations":[{{early.Text}},{{late.Text}}]}""", list.Text);
    }

    [Fact]
    public async Task ReplacesAndRemoves()
    {
        string id = (await PostAsync(KeyNamed("first"))).Id;

        ApiAnswer put = await SendAsync("PUT", id, KeyNamed("second", id: "whatever the body says"));
        ApiAnswer changed = await SendAsync("GET", id);
        ApiAnswer deleted = await SendAsync("DELETE", id);
        ApiAnswer gone = await SendAsync("GET", id);
        ApiAnswer again = await SendAsync("DELETE", id);
        ApiAnswer late = await SendAsync("PUT", id, KeyNamed("third"));

        Assert.Equal(("{}", "{}"), (put.Text, deleted.Text));
        Assert.Equal((id, "second"), (changed.Id, changed.Json.GetProperty("name").GetString()));
        Assert.Equal((HttpStatusCode.NotFound, $"failed to retrieve signature integration \"{id}\": not found"), (gone.Status, gone.Message));
        Assert.Equal(
            (HttpStatusCode.NotFound, $"failed to delete signature integration: signature integration id={id} doesn't exist"), (again.Status, again.Message));
        Assert.Equal(
            (HttpStatusCode.NotFound, $"failed to update signature integration: signature integration id={id} doesn't exist"), (late.Status, late.Message));
    }

    [Fact]
    public async Task RefusesWhatCannotBeInStackRoxWords()
    {
        ApiAnswer withId = await PostAsync(KeyNamed("x", id: "mine"));
        ApiAnswer empty = await PostAsync(new { });
        ApiAnswer badKey = await PostAsync(new { name = "x", cosign = new { publicKeys = new[] { new { name = "k\n", publicKeyPemEnc = "x" } } } });
        ApiAnswer badId = await SendAsync("PUT", "other", KeyNamed("x"));
        ApiAnswer traits = await PostAsync(new { name = "x", traits = new { origin = "DEFAULT" } });
        ApiAnswer wrongType = await PostAsync(new { name = 5 });

        Assert.All(
            new[] { withId, empty, badKey, badId, traits, wrongType },
            answer => Assert.Equal((HttpStatusCode.BadRequest, 3), (answer.Status, answer.Json.GetProperty("code").GetInt32())));
        Assert.Equal("failed to create signature integration: id should be empty but \"mine\" provided", withId.Message);
        Assert.Equal(
            "failed to create signature integration: invalid arguments: 2 errors occurred:\n\t* name field must be set\n"
                + "\t* integration must have at least one public key or certificate\n\n",
            empty.Message);
        Assert.EndsWith("\t* failed to decode PEM block containing public key \"k\\n\"\n\n", badKey.Message, StringComparison.Ordinal);
        Assert.Contains("\t* id field must be in 'io.stackrox.signatureintegration.*' format\n", badId.Message, StringComparison.Ordinal);
        Assert.Contains("built-in signature integrations cannot be created or modified", traits.Message, StringComparison.Ordinal);
        Assert.Equal("""{"integrations":[]}""", (await SendAsync("GET")).Text);
    }

    [Fact]
    public async Task GivesANameOnlyOnce()
    {
        string id = (await PostAsync(KeyNamed("acme"))).Id;
        string other = (await PostAsync(KeyNamed("other"))).Id;

        ApiAnswer twice = await PostAsync(KeyNamed("acme"));
        ApiAnswer renamed = await SendAsync("PUT", other, KeyNamed("acme"));
        ApiAnswer same = await SendAsync("PUT", id, KeyNamed("acme"));

        Assert.Equal(
            (HttpStatusCode.Conflict, "failed to create signature integration: another signature integration is named \"acme\": already exists"),
            (twice.Status, twice.Message));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (renamed.Status, same.Status));
    }

    [Fact]
    public async Task OfTwoServersNoneLosesWhatTheOtherDoes()
    {
        string prefix = ScanApp.NewPrefix();
        await using TokenServer one = await StartAsync(prefix);
        await using TokenServer two = await StartAsync(prefix);

        ApiAnswer[] added = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SendAsync(i % 2 == 0 ? one : two, "POST", null, KeyNamed($"n{i / 2}"))));
        ApiAnswer list = await SendAsync(two, "GET");

        // Each name was asked for on both sides at once.
        Assert.Equal(6, added.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(6, added.Count(answer => answer.Status == HttpStatusCode.Conflict));
        Assert.Equal(["n0", "n1", "n2", "n3", "n4", "n5"], NamesIn(list));
    }

    [Fact]
    public async Task IsReadByAllAndWrittenByAdmins()
    {
        string id = (await PostAsync(KeyNamed("acme"))).Id;

        ApiAnswer read = await _server.SendAsync("GET", Route, TokenServer.Reader);
        ApiAnswer[] refused =
        [
            await _server.SendAsync("POST", Route, TokenServer.Scanner, JsonContent.Create(KeyNamed("x"))),
            await _server.SendAsync("PUT", $"{Route}/{id}", TokenServer.Approver, JsonContent.Create(KeyNamed("x"))),
            await _server.SendAsync("DELETE", $"{Route}/{id}", TokenServer.Reader),
        ];

        Assert.Equal(["acme"], NamesIn(read));
        Assert.All(
            refused,
            answer => Assert.Equal((HttpStatusCode.Forbidden, "not authorized: \"READ_WRITE_ACCESS\" for \"Integration\""), (answer.Status, answer.Message)));
    }

    [Fact]
    public async Task IsAudited()
    {
        string id = (await PostAsync(KeyNamed("acme \u202e"))).Id;
        await SendAsync("DELETE", id);

        string audit = (await _server.SendAsync("GET", "/v1/audit", TokenServer.Admin)).Text;

        Assert.Contains($"({id}): 1 keys, 0 certificates", audit, StringComparison.Ordinal);
        Assert.Equal(2, audit.Split(id).Length - 1 - (audit.Split($"/{id}").Length - 1));
        Assert.DoesNotContain("\u202e", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("PUBLIC KEY", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesHostileTextWithoutFalling()
    {
        foreach (string id in new[] { "%2e%2e", "a'b", "ä", "%F0%9F%92%A9", new string('x', 2_000), "io.stackrox.signatureintegration.%22" })
        {
            foreach (string method in new[] { "GET", "DELETE", "PUT" })
            {
                ApiAnswer answer = await SendAsync(method, id, method == "PUT" ? KeyNamed("x") : null);
                Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{method} {id}: {answer.Status} {answer.Text}");
            }
        }

        foreach (string body in new[]
        {
            "[]", "{", """{"cosign":[]}""", """{"cosign":{"publicKeys":[5]}}""", """{"cosignCertificates":{}}""", """{"transparencyLog":"x"}""",
            """{"name":"\ud800","cosign":{"publicKeys":[{"name":"\u0000"}]}}""", $$"""{"name":"{{new string('x', 70_000)}}"}""",
        })
        {
            ApiAnswer answer = await _server.SendAsync("POST", Route, TokenServer.Admin, new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{body[..Math.Min(90, body.Length)]}: {answer.Status} {answer.Text}");
        }
    }

    [Fact]
    public async Task ShowsWhatIsOfLaterReleasesOnlyThere()
    {
        string prefix = ScanApp.NewPrefix();
        await using TokenServer server = await StartAsync(prefix, ("Api:Level", "latest"));
        await using TokenServer old = await StartAsync(prefix);
        object asked = new
        {
            name = "logged",
            cosign = new { publicKeys = new[] { new { name = "k", publicKeyPemEnc = Key } } },
            cosignCertificates = new[]
            {
                new { certificateOidcIssuer = ".*", certificateIdentity = ".*", certificateTransparencyLog = new { enabled = true } },
            },
            transparencyLog = new { enabled = true, validateOffline = true },
        };

        ApiAnswer added = await SendAsync(old, "POST", null, asked);
        ApiAnswer shown = await SendAsync(server, "GET", added.Id);

        Assert.DoesNotContain("ransparencyLog", added.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            "certificateTransparencyLog":{"enabled":true,"publicKeyPemEnc":""}}],"transparencyLog":{"enabled":true,"url":"https://rekor.sigstore.dev","validateOffline":true,"publicKeyPemEnc":""},"traits":null}
            """,
            shown.Text,
            StringComparison.Ordinal);
    }

    private static object KeyNamed(string name, string id = "") =>
        new { id, name, cosign = new { publicKeys = new[] { new { name = "k", publicKeyPemEnc = Key } } } };

    private static string[] NamesIn(ApiAnswer answer) =>
        [.. answer.Json.GetProperty("integrations").EnumerateArray().Select(integration => integration.GetProperty("name").GetString()!)];

    private static string NewKey()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ecdsa.ExportSubjectPublicKeyInfoPem();
    }

    private Task<TokenServer> StartAsync(string prefix, params (string Name, string Value)[] settings) =>
        TokenServer.StartAsync(azurite, [("Storage:Prefix", prefix), .. settings]);

    private Task<ApiAnswer> PostAsync(object body) => SendAsync("POST", null, body);

    private Task<ApiAnswer> SendAsync(string method, string? id = null, object? body = null) => SendAsync(_server, method, id, body);

    private static Task<ApiAnswer> SendAsync(TokenServer server, string method, string? id = null, object? body = null) => server.SendAsync(
        method, id is null ? Route : $"{Route}/{id}", TokenServer.Admin, body is null ? null : JsonContent.Create(body));
}
