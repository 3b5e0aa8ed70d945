using System.Net;
using System.Net.Http.Headers;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Who is believed, on a server as it is deployed.</summary>
[Collection(EventServers.Name)]
public sealed class WebhookProofTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private TestRegistry _own = null!;
    private TestRegistry _other = null!;
    private OidcServer _issuer = null!;
    private TokenServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Event => $$"""{"image":"{{_own.Host}}/made/image:1@{{Image.Manifest.Digest}}"}""";

    public async ValueTask InitializeAsync()
    {
        _own = await TestRegistry.StartAsync(Token);
        _other = await TestRegistry.StartAsync(Token);
        _issuer = await OidcServer.StartAsync(Token);
        _server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Access:TrustForwardedFor", "true"),
                ("Webhooks:generic:Secret", WebhookRequest.Secret),
                ("Webhooks:generic:Registries", _own.Host),
                ("Webhooks:generic:AllowedOrigin", "eventgrid.azure.net"),
                ("Webhooks:generic:Issuers:0:Issuer", _issuer.Issuer),
                ("Webhooks:generic:Issuers:0:Audience", OidcServer.Audience),
                ("Webhooks:generic:Issuers:0:SubjectPattern", "repo:octo/.*"),
                ("Webhooks:generic:Issuers:0:AllowPrivateAddress", "true"),
                ("Registries:0:Host", _own.Host),
                ("Registries:0:Insecure", "true"),
                ("Registries:1:Host", _other.Host),
                ("Registries:1:Insecure", "true"),
                ("Registries:1:Username", "somebody"),
                ("Registries:1:Password", "the password of the other registry"),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
        await _other.DisposeAsync();
        await _own.DisposeAsync();
    }

    [Fact]
    public async Task ASignedRequestCountsOnce()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;

        ApiAnswer first = await SendAsync(WebhookRequest.Signed(Event, at: now));
        ApiAnswer replayed = await SendAsync(WebhookRequest.Signed(Event, at: now));
        ApiAnswer later = await SendAsync(WebhookRequest.Signed(Event, at: now.AddSeconds(1)));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Accepted), (first.Status, replayed.Status, later.Status));
        Assert.Equal((0, 0), (replayed.Json.GetProperty("accepted").GetInt32(), replayed.Json.GetProperty("jobs").GetArrayLength()));
        Assert.Equal(JobOf(first), JobOf(later));
    }

    [Fact]
    public async Task AWrongOrOldOrMissingSignatureIsNot()
    {
        ApiAnswer[] answers =
        [
            await SendAsync(WebhookRequest.Signed(Event, secret: "another secret")),
            await SendAsync(WebhookRequest.Signed(Event, at: DateTimeOffset.UtcNow.AddMinutes(-6))),
            await SendAsync(WebhookRequest.Signed(Event, at: DateTimeOffset.UtcNow.AddMinutes(6))),
            await SendAsync(WebhookRequest.Plain("{}"u8.ToArray())),
            await SendAsync(Bearing(WebhookRequest.Secret)),
            await SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v1/webhooks/generic/{Uri.EscapeDataString(WebhookRequest.Secret)}") { Content = new StringContent(Event) }),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.All(answers, answer => Assert.DoesNotContain(WebhookRequest.Secret, answer.Text, StringComparison.Ordinal));
        Assert.Empty(_own.Requests);
    }

    [Fact]
    public async Task TooManyWrongOnesWaitAndRightOnesDoNot()
    {
        ApiAnswer last = null!;
        for (int i = 0; i < 11; i++)
        {
            last = await SendAsync(WebhookRequest.Signed(Event, secret: "another secret"), "198.51.100.7");
        }

        ApiAnswer right = await SendAsync(WebhookRequest.Signed(Event), "198.51.100.7");
        ApiAnswer elsewhere = await SendAsync(WebhookRequest.Signed(Event, secret: "another secret"), "198.51.100.8");

        Assert.Equal(HttpStatusCode.TooManyRequests, last.Status);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Unauthorized), (right.Status, elsewhere.Status));
    }

    [Fact]
    public async Task AJwtOfTheIssuerIsBelieved()
    {
        string right = _issuer.Token(_issuer.Claims(DateTimeOffset.UtcNow));
        string foreign = _issuer.Token(_issuer.Claims(DateTimeOffset.UtcNow, "repo:somebody/else:ref:refs/heads/main"));

        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(Bearing(right))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Bearing(foreign))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Bearing($"{right}x"))).Status);
    }

    // A webhook of one registry must never have credentials of another sent, nor anything asked there.
    [Fact]
    public async Task OfOneRegistryNothingGoesToAnother()
    {
        _other.Push("made/image", "1", Image);
        string[] bodies =
        [
            $$"""{"image":"{{_other.Host}}/made/image:1"}""",
            $$"""{"image":"{{_other.Host}}/made/image@{{Image.Manifest.Digest}}"}""",
            $$"""{"host":"{{_other.Host}}","repository":"made/image","tag":"1"}""",
            $$"""{"host":"{{_own.Host}}/../{{_other.Host}}","repository":"made/image","tag":"1"}""",
            $$"""{"host":"{{_own.Host}}@{{_other.Host}}","repository":"made/image","tag":"1"}""",
            $$"""{"action":"delete","host":"{{_other.Host}}","repository":"made/image","tag":"1"}""",
        ];

        foreach (string body in bodies)
        {
            ApiAnswer answer = await SendAsync(WebhookRequest.Signed(body));
            Assert.Equal((HttpStatusCode.OK, 1), (answer.Status, answer.Json.GetProperty("dropped").GetInt32()));
        }

        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task AnOriginThatIsConfiguredMayRegisterAndNoAddressIsAsked()
    {
        ApiAnswer allowed = await GreetAsync("eventgrid.azure.net");

        Assert.Equal(HttpStatusCode.OK, allowed.Status);
        Assert.Equal("eventgrid.azure.net", Assert.Single(allowed.Headers.GetValues("WebHook-Allowed-Origin")));
        Assert.Equal("*", Assert.Single(allowed.Headers.GetValues("WebHook-Allowed-Rate")));
        Assert.Empty(_own.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("eventgrid.azure.net.evil.example")]
    public async Task AnotherOriginMayNot(string origin)
    {
        ApiAnswer refused = await GreetAsync(origin);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.False(refused.Headers.Contains("WebHook-Allowed-Origin"));
    }

    private static string? JobOf(ApiAnswer answer) => answer.Json.GetProperty("jobs")[0].GetProperty("id").GetString();

    private HttpRequestMessage Bearing(string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhooks/generic") { Content = new StringContent(Event) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<ApiAnswer> GreetAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/webhooks/generic");
        request.Headers.TryAddWithoutValidation("WebHook-Request-Origin", origin);
        request.Headers.TryAddWithoutValidation("WebHook-Request-Callback", $"http://{_own.Host}/confirm");
        request.Headers.TryAddWithoutValidation("WebHook-Request-Rate", "120");
        return await _server.SendAsync(request);
    }

    private async Task<ApiAnswer> SendAsync(HttpRequestMessage request, string address = "198.51.100.1")
    {
        using HttpRequestMessage sent = request;
        sent.Headers.Add("X-Forwarded-For", address);
        return await _server.SendAsync(sent);
    }
}
