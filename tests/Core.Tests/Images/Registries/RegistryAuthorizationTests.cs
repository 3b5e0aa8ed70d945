using System.Net;
using System.Text;
using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

public sealed class RegistryAuthorizationTests
{
    private const string Realm = "Bearer realm=\"https://auth.example/token?x=1\",service=\"the registry\",scope=\"repository:n:pull\"";

    private static readonly RegistrySettings WithAccount = new() { Host = "r.io", Username = "me", Password = "secret" };
    private static readonly string Basic = $"Basic {Convert.ToBase64String("me:secret"u8)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FetchesATokenWithoutAccountWhereTheRegistryWantsOne()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t0ken", """{"token":"t0ken"}""");

        await registry.Open("r.io/n").ResolveAsync(Token);

        SentRequest exchange = registry.Requests[1];
        Assert.Equal("GET https://auth.example/token?x=1&service=the%20registry&scope=repository%3An%3Apull", $"{exchange.Method} {exchange.Uri.AbsoluteUri}");
        Assert.Null(exchange.Authorization);
        Assert.Equal("Bearer t0ken", registry.Requests[2].Authorization);
    }

    [Fact]
    public async Task TakesAnAccessTokenAsWell()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer other", """{"access_token":"other"}""");

        await registry.Open("r.io/n").ResolveAsync(Token);

        Assert.Equal([null, null, "Bearer other"], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task AsksWithTheScopeThatIsDemandedFirst()
    {
        FakeRegistry registry = Demanding("Bearer realm=\"https://auth.example/token\",service=s,scope=\"aws\"", "Bearer t", """{"token":"t"}""");

        await registry.Open("r.io/n").ResolveAsync(Token);

        Assert.Equal("?service=s&scope=aws&scope=repository%3An%3Apull", registry.Requests[1].Uri.Query);
    }

    [Fact]
    public async Task UsesATokenForTheRepositoryUntilItExpires()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", """{"token":"t"}""");
        RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        await client.Open(name).ResolveAsync(Token);

        registry.Time.Advance(TimeSpan.FromSeconds(59));
        await client.Open(name).ResolveAsync(Token);
        int before = registry.Requests.Count;
        registry.Time.Advance(TimeSpan.FromSeconds(2));
        await client.Open(name).ResolveAsync(Token);

        // Challenge, exchange, answer; then the answer alone; then all three again.
        Assert.Equal(4, before);
        Assert.Equal(7, registry.Requests.Count);
    }

    [Fact]
    public async Task UsesNoTokenForAnotherRepository()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", """{"token":"t","expires_in":300}""");
        RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? one, out _));
        Assert.True(ImageReference.TryParse("r.io/m", out ImageReference? two, out _));

        await client.Open(one).ResolveAsync(Token);
        await client.Open(two).ResolveAsync(Token);

        Assert.Equal(2, registry.Requests.Count(request => request.Uri.Host == "auth.example"));
        Assert.Null(registry.Requests[3].Authorization);
    }

    [Fact]
    public async Task GivesTheAccountOfTheSettingsToTheRealmOnly()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", """{"token":"t"}""");

        await registry.Open("r.io/n", null, null, WithAccount).ResolveAsync(Token);

        Assert.Equal([null, Basic, "Bearer t"], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task AnswersABasicChallenge()
    {
        FakeRegistry registry = Demanding("Basic realm=\"r\"", Basic, "");

        await registry.Open("r.io/n", null, null, WithAccount).ResolveAsync(Token);

        Assert.Equal([null, Basic], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task GivesAnAccountToNoOtherRegistry()
    {
        FakeRegistry registry = Demanding("Basic realm=\"r\"", Basic, "");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("other.io/n", null, null, WithAccount).ResolveAsync(Token));

        Assert.Equal(401, e.StatusCode);
        Assert.Contains("Registries__N__Host=other.io, Registries__N__Username and Registries__N__Password", e.Message, StringComparison.Ordinal);
        Assert.All(registry.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task NamesTheSettingsOfARegistryThatRefusesItsAccount()
    {
        FakeRegistry registry = Demanding("Basic realm=\"r\"", "never", "");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, new RegistrySettings { Host = "x.io" }, WithAccount).ResolveAsync(Token));

        Assert.Contains("Registries__1__Username", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsksTheLookUpIfTheSettingsHaveNoAccount()
    {
        FakeRegistry registry = Demanding("Basic realm=\"r\"", Basic, "");
        var asked = new List<string>();
        CredentialLookup lookup = (host, repository, _) =>
        {
            asked.Add($"{host} {repository}");
            return Task.FromResult<RegistryCredential?>(new RegistryCredential("me", "secret"));
        };

        await registry.Open("r.io/n", null, lookup).ResolveAsync(Token);

        Assert.Equal(["r.io n"], asked);
    }

    [Fact]
    public async Task ExchangesAnIdentityTokenByPost()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", """{"access_token":"t"}""");

        await registry.Open("r.io/n", null, (_, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("", "", "id-token"))).ResolveAsync(Token);

        Assert.Equal("POST", registry.Requests[1].Method);
        Assert.Equal("grant_type=refresh_token&service=the+registry&client_id=imagescan&scope=repository%3An%3Apull&refresh_token=id-token", registry.Requests[1].Body);
    }

    [Theory]
    [InlineData("http://auth.example/token", "only https is allowed")]
    [InlineData("ftp://auth.example/token", "only https is allowed")]
    [InlineData("https://me@auth.example/token", "without a user name")]
    [InlineData("https://127.0.0.1/token", "loopback")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://[::1]/token", "loopback")]
    [InlineData("https://2130706433/token", "loopback")]
    public async Task RefusesARealmWhereNoTokenServerCanBe(string realm, string reason)
    {
        FakeRegistry registry = Demanding($"Bearer realm=\"{realm}\",service=\"s\"", "Bearer t", """{"token":"t"}""");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, WithAccount).ResolveAsync(Token));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task TakesAPlainHttpRealmOfARegistryThatIsPlainHttpItself()
    {
        FakeRegistry registry = Demanding("Bearer realm=\"http://auth.example/token\"", "Bearer t", """{"token":"t"}""");

        await registry.Open("r.io/n", null, null, WithAccount with { Insecure = true }).ResolveAsync(Token);

        Assert.Equal(["http", "http", "http"], registry.Requests.Select(request => request.Uri.Scheme));
        Assert.Equal([AddressRule.Any, AddressRule.Public, AddressRule.Any], registry.Requests.Select(request => request.Rule));
    }

    [Fact]
    public async Task DropsTheAccountWhenTheRealmRedirects()
    {
        var registry = new FakeRegistry(request => request.Uri.Host switch
        {
            "r.io" => request.Authorization == "Bearer t" ? FakeRegistry.Manifest(TestImages.Manifest) : FakeRegistry.Challenge(Realm),
            "auth.example" => FakeRegistry.Redirect("https://thief.example/token"),
            _ => FakeRegistry.Bytes("""{"token":"t"}"""u8.ToArray()),
        });

        await registry.Open("r.io/n", null, null, WithAccount).ResolveAsync(Token);

        Assert.Null(Assert.Single(registry.Requests, request => request.Uri.Host == "thief.example").Authorization);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("{\"token\":5}")]
    [InlineData("{\"token\":\"a\\r\\nX: y\"}")]
    [InlineData("{\"token\":\"\\ud800\"}")]
    public async Task RefusesAnAnswerWithoutAToken(string answer)
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", answer);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ResolveAsync(Token));

        Assert.StartsWith("The token server https://auth.example/token answered with", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesATokenAnswerAboveTheLimit()
    {
        FakeRegistry registry = Demanding(Realm, "Bearer t", $$"""{"token":"t","x":"{{new string('x', 70_000)}}"}""");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ResolveAsync(Token));

        Assert.Contains("(TokenBytes)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsksForProofOnlyOnce()
    {
        FakeRegistry registry = Demanding(Realm, "never", """{"token":"t"}""");

        await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n").ResolveAsync(Token));

        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact]
    public async Task SaysWhatTheTokenServerRefused()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "r.io"
            ? FakeRegistry.Challenge(Realm)
            : FakeRegistry.Status(HttpStatusCode.Unauthorized, """{"details":"incorrect username or password"}"""));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, WithAccount).ResolveAsync(Token));

        Assert.StartsWith("failed to get a token: Get \"https://auth.example/token\": http: non-successful response (status=401", e.Message, StringComparison.Ordinal);
        Assert.Contains("incorrect username or password", e.Message, StringComparison.Ordinal);
        Assert.Contains("Registries__0__Password", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SurvivesAnyChallenge() =>
        Gen.Select(Gen.Bool, Gen.Char["Bearsic=\",\\ \treamlhtps:/."].Array[0, 60]).Sample((isRealm, characters) =>
        {
            using var response = new HttpResponseMessage();
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", $"Bearer {(isRealm ? "realm=" : "")}{new string(characters)}");

            RegistryChallenge? challenge = RegistryChallenge.Read(response.Headers.WwwAuthenticate);

            Assert.True(challenge is null or { Scheme: ChallengeScheme.Basic, Realm: null } or { Scheme: ChallengeScheme.Bearer, Realm.IsAbsoluteUri: true });
        });

    /// <summary>A registry that demands the header, and a token server that gives the answer.</summary>
    private static FakeRegistry Demanding(string challenge, string authorization, string tokenAnswer) => new(request =>
        request.Uri.Host.EndsWith("auth.example", StringComparison.Ordinal) ? FakeRegistry.Bytes(Encoding.UTF8.GetBytes(tokenAnswer))
        : request.Authorization == authorization ? FakeRegistry.Manifest(TestImages.Manifest)
        : FakeRegistry.Challenge(challenge));
}
