using System.Net;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

/// <summary>Azure Container Registry as https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md has it.</summary>
public sealed class AzureLoginTests
{
    private const string Host = "x.azurecr.io";

    private static readonly RegistrySettings Settings = new() { Host = Host, Login = RegistryLogin.Azure };

    private string _realm = $"https://{Host}/oauth2/token";
    private Func<HttpResponseMessage>? _exchange;
    private int _exchanges;

    private FakeCloud Cloud()
    {
        FakeCloud? cloud = null;
        cloud = new FakeCloud(request => request.Uri.AbsolutePath switch
        {
            "/oauth2/exchange" => Exchanged(cloud!.Time.GetUtcNow()),
            "/oauth2/token" when request.Form.ContainsKey("refresh_token") => FakeCloud.Json("""{"access_token":"access"}"""),
            _ when request.Authorization == "Bearer access" => CloudRequest.ManifestAnswer(),
            _ => FakeCloud.Challenge($"Bearer realm=\"{_realm}\",service=\"{request.Uri.Authority}\",scope=\"repository:n:pull\""),
        });
        return cloud;
    }

    private HttpResponseMessage Exchanged(DateTimeOffset now)
    {
        _exchanges++;
        return _exchange?.Invoke() ?? FakeCloud.Json($$"""{"refresh_token":"{{FakeCloud.Jwt($$"""{"exp":{{now.AddHours(3).ToUnixTimeSeconds()}}}""")}}"}""");
    }

    [Fact]
    public async Task ExchangesTheIdentitysTokenAtTheRegistry()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings with { ClientId = "me" });

        Assert.Equal([(new AzureIdentity("me"), "https://containerregistry.azure.net")], cloud.Identities);
        CloudRequest exchange = Assert.Single(cloud.Requests, request => request.Place == $"{Host}/oauth2/exchange");
        Assert.Equal("POST", exchange.Method);
        Assert.Equal(
            [("access_token", FakeCloud.IdentityToken), ("grant_type", "access_token"), ("service", Host), ("tenant", "ours")],
            exchange.Form.Select(field => (field.Key, field.Value)).Order());
        CloudRequest token = Assert.Single(cloud.Requests, request => request.Place == $"{Host}/oauth2/token");
        Assert.Equal(("refresh_token", Host, "repository:n:pull"), (token.Form["grant_type"], token.Form["service"], token.Form["scope"]));
        Assert.DoesNotContain(FakeCloud.IdentityToken, token.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExchangesOnceUntilShortlyBeforeTheEnd()
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([Settings]);
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        await FakeCloud.ResolveAsync(client, $"{Host}/other:1");

        cloud.Time.Advance(TimeSpan.FromMinutes(174));
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        Assert.Equal(1, _exchanges);
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        await cloud.UntilAsync(request => request.Place == $"{Host}/oauth2/exchange", 2);
    }

    [Fact]
    public async Task AsksForAnotherAudienceOnlyIfTheSettingsSaySo()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings with { Audience = "https://management.azure.com/" });

        Assert.Equal("https://management.azure.com/", Assert.Single(cloud.Identities).Audience);
    }

    // A slip in Host would send what may do all that the identity may to whoever has that name.
    [Fact]
    public async Task SendsATokenOfAnotherAudienceToHostsOfAzureOnly()
    {
        FakeCloud cloud = Cloud();
        RegistrySettings slip = Settings with { Host = "x.azurecr.oi", Audience = "https://management.azure.com/" };

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(slip));

        Assert.EndsWith("a token of another Audience than Container Registry's goes to hosts of Azure's registries only", e.Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Identities);
    }

    [Fact]
    public async Task TakesATenantByItsDomain()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings with { TenantId = "ours.onmicrosoft.com" });

        Assert.Equal("ours", Assert.Single(cloud.Requests, request => request.Place == $"{Host}/oauth2/exchange").Form["tenant"]);
    }

    [Fact]
    public async Task SaysWhichSettingIsNoTenant()
    {
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(
            () => new AzureTokens().GetAsync(new AzureIdentity(TenantId: "no tenant!"), "api://x", TestContext.Current.CancellationToken));

        Assert.Contains("TenantId is \"no tenant!\"", e.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryFailure.AccountUnusable, e.Failure);
    }

    [Fact]
    public async Task RefusesAnIdentityOfAnotherTenantThanTheSettingsSay()
    {
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings with { TenantId = "theirs" }));

        Assert.Equal("logging in at x.azurecr.io: the identity is of the tenant ours, and Registries__0__TenantId is theirs", e.Message);
        Assert.Equal((RegistryFailure.AccountUnusable, 0), (e.Failure, _exchanges));
    }

    [Fact]
    public async Task SaysWhichRightAnIdentityNeedsThatIsRefused()
    {
        _exchange = () => FakeCloud.Json($$"""{"errors":[{"code":"UNAUTHORIZED","message":"{{FakeCloud.IdentityToken}}"}]}""", HttpStatusCode.Unauthorized);
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([Settings]);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"));
        await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"));

        Assert.Equal(
            "logging in at x.azurecr.io: the registry exchanged no token of the identity: 401 UNAUTHORIZED (Registries__0__ClientId says which identity, the identity"
                + " needs the role AcrPull at the registry, or Container Registry Repository Reader where it goes by repositories)",
            e.Message);
        Assert.Equal((401, 1), (e.StatusCode, _exchanges));
    }

    [Theory]
    [InlineData("{}", "answered without a refresh token")]
    [InlineData("no json", "answered without a refresh token")]
    [InlineData("expired", "is the clock of this machine right?")]
    public async Task TakesNoRefreshTokenThatIsNone(string answer, string reason)
    {
        _exchange = () => FakeCloud.Json(answer == "expired" ? $$"""{"refresh_token":"{{FakeCloud.Jwt("""{"exp":1}""")}}"}""" : answer);
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsNoEndlessAnswer()
    {
        _exchange = () => FakeCloud.Json($$"""{"refresh_token":"{{new string('a', 100_000)}}"}""");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(Settings));

        Assert.Contains("answered without a refresh token", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendsTheTokenNowhereElseWhateverTheRegistryRedirectsTo()
    {
        _exchange = () => FakeRegistry.Redirect("https://evil.example/oauth2/exchange");
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings));

        Assert.Contains("https://x.azurecr.io/oauth2/exchange redirects, which is not followed", e.Message, StringComparison.Ordinal);
        Assert.All(cloud.Requests, request => Assert.Equal(Host, request.Uri.Authority));
    }

    [Theory]
    [InlineData("https://evil.example/token")]
    [InlineData("https://x.azurecr.io.evil.com/oauth2/token")]
    [InlineData("https://x.azurecr.io:8443/oauth2/token")]
    public async Task SendsTheRefreshTokenToNoForeignRealm(string realm)
    {
        _realm = realm;
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings));

        Assert.Contains("what its cloud gave us goes to the registry itself only", e.Message, StringComparison.Ordinal);
        Assert.All(cloud.Requests, request => Assert.Equal(Host, request.Uri.Authority));
    }

    [Theory]
    [InlineData("x.azurecr.io.evil.com")]
    [InlineData("x.azurecr.io:8443")]
    [InlineData("registry.example.com")]
    public async Task GoesToNoOtherHostForAnIntegration(string host)
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([], [new RegistryAccount("1", "theirs", host) { Login = new AzureLogin() }]);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{host}/n:1"));

        Assert.Contains("an integration's identity goes to hosts of its cloud only", e.Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Identities);
        Assert.All(cloud.Requests, request => Assert.Equal("", request.Authorization + request.Body));
    }

    [Fact]
    public async Task GoesToNobodyWhoseCertificateIsNotVerified()
    {
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings with { SkipTlsVerification = true }));

        Assert.Equal("logging in at x.azurecr.io: an identity is not sent where no certificate is verified", e.Message);
        Assert.Empty(cloud.Identities);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GoesNowhereThatIsReachedInAnotherWay(bool isPlainHttp)
    {
        FakeCloud cloud = Cloud();
        RegistryAccount account = new("1", "theirs", Host)
        {
            Login = new AzureLogin(),
            IsPlainHttp = isPlainHttp,
            Trust = isPlainHttp ? RegistryTrust.System : new RegistryTrust(SkipsVerification: true, ""),
        };

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(cloud.Client([], [account]), $"{Host}/n:1"));

        Assert.Equal(RegistryFailure.AccountUnusable, e.Failure);
        Assert.Empty(cloud.Identities);
    }

    [Fact]
    public async Task LogsInForAnIntegrationAtAHostOfAzure()
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([], [new RegistryAccount("1", "ours", Host) { Login = new AzureLogin() }]);

        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Equal([(new AzureIdentity(), "https://containerregistry.azure.net")], cloud.Identities);
    }

    [Fact]
    public async Task IsTestedByLoggingInAnew()
    {
        FakeCloud cloud = Cloud();
        RegistryAccount account = new("", "ours", Host) { Login = new AzureLogin() };
        RegistryClient client = cloud.Client([Settings with { ClientId = "of the settings" }]);

        await client.TestAsync(account, "v2/", TestContext.Current.CancellationToken);
        await client.TestAsync(account, "v2/", TestContext.Current.CancellationToken);

        Assert.Equal(2, _exchanges);
        Assert.All(cloud.Identities, asked => Assert.Equal("", asked.Identity.ClientId));
    }

    [Fact]
    public async Task TriesTheNextAccountWithoutAnIdentity()
    {
        FakeCloud cloud = Cloud();
        cloud.NoIdentity = new RegistryException("no identity") { Failure = RegistryFailure.AccountUnusable };
        RegistryClient client = cloud.Client(
            [],
            [
                new RegistryAccount("1", "identity", Host) { Login = new AzureLogin() },
                new RegistryAccount("2", "token", Host) { Credential = new RegistryCredential("user", "", "refresh") },
            ]);

        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Single(cloud.Identities);
    }

    [Fact]
    public async Task ChangesWhatItMayByTheNextAccountToo()
    {
        FakeCloud cloud = Cloud();
        cloud.NoIdentity = new RegistryException("no identity") { Failure = RegistryFailure.AccountUnusable };
        RegistryClient client = cloud.Client(
            [],
            [
                new RegistryAccount("1", "identity", Host) { Login = new AzureLogin() },
                new RegistryAccount("2", "token", Host) { Credential = new RegistryCredential("user", "", "refresh") },
            ]);
        Assert.True(ImageReference.TryParse($"{Host}/n:1", out ImageReference? image, out _));

        await client.ChangeAsync(image, "acr/v1/n/_manifests/1", [.. "{}"u8], TestContext.Current.CancellationToken);

        Assert.Equal([("", "{}"), ("Bearer access", "{}")],
            cloud.Requests.Where(request => request.Method == "PATCH").Select(request => (request.Authorization, request.Body)).Distinct());
    }

    [Fact]
    public async Task AsksNobodyForATokenOverPlainHttp()
    {
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(
            () => cloud.ResolveAsync(new RegistrySettings { Host = "registry.example.com", Insecure = true, Login = RegistryLogin.Azure }));

        Assert.Equal("logging in at registry.example.com: an identity is not sent over plain http", e.Message);
        Assert.Empty(cloud.Identities);
    }

    [Fact]
    public async Task LogsInAnewAfterTheRegistryHasRefusedAnOldLogin()
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([Settings]);
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        cloud.Time.Advance(TimeSpan.FromMinutes(2));

        (string realm, _realm) = (_realm, $"https://{Host}/refused");
        await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"));
        _realm = realm;
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Equal(2, _exchanges);
    }
}
