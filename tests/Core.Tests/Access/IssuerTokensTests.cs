using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using ImageScan.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Access;

public sealed class IssuerTokensTests : IAsyncLifetime
{
    private const string Main = "repo:octo/app:ref:refs/heads/main";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private OidcServer _server = null!;
    private IssuerTokens _issuers = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await OidcServer.StartAsync(Token);
        _issuers = IssuersOf(Entry with { Role = AccessRole.Scan });
    }

    public async ValueTask DisposeAsync()
    {
        _issuers.Dispose();
        await _server.DisposeAsync();
    }

    private AccessIssuer Entry => new() { Issuer = _server.Issuer, Audience = OidcServer.Audience, Subject = Main, AllowPrivateAddress = true };

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task LetInWhoTheIssuerVouchesFor(string algorithm)
    {
        if (algorithm[0] == 'E')
        {
            _server.Keys.Add(OidcKey.Ec("curve", algorithm switch
            {
                "ES256" => ECCurve.NamedCurves.nistP256,
                "ES384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            }));
        }

        AccessIdentity caller = await CallerAsync(_server.Token(_server.Claims(Now), algorithm));

        Assert.Equal(($"{_server.Issuer}|{Main}", Main), (caller.Id, caller.Name));
        Assert.Equal([AccessRole.Scan], caller.Roles);
        Assert.Equal(Now.AddMinutes(5), caller.ExpiresAt);
    }

    [Theory]
    [InlineData("aud", "api://another")]
    [InlineData("aud", null)]
    [InlineData("sub", "")]
    [InlineData("sub", null)]
    [InlineData("exp", null)]
    [InlineData("exp", -61L)]
    [InlineData("nbf", 62L)]
    public async Task RefuseAWrongClaim(string claim, object? value)
    {
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims[claim] = value is long seconds ? Now.ToUnixTimeSeconds() + seconds : value;
        if (value is null)
        {
            claims.Remove(claim);
        }

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(_server.Token(claims)));
    }

    // Clocks are a minute apart at most.
    [Theory]
    [InlineData("exp", -58L)]
    [InlineData("nbf", 58L)]
    [InlineData("exp", 250_000_000_000L)]
    public async Task AllowForClocksThatDiffer(string claim, long seconds)
    {
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims[claim] = Now.ToUnixTimeSeconds() + seconds;

        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(_server.Token(claims)));
    }

    [Fact]
    public async Task RefuseAnotherIssuer()
    {
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["iss"] = _server.Issuer + "/";

        IssuerFinding finding = await _issuers.FindAsync(_server.Token(claims), Token);

        Assert.Equal((IssuerVerdict.UnknownIssuer, _server.Issuer + "/"), (finding.Verdict, finding.Issuer));
        Assert.Equal(0, _server.DocumentsGiven);
    }

    [Fact]
    public async Task RefuseASignatureOfAnotherKey()
    {
        string forged = OidcKey.Rsa("first").Token(_server.Claims(Now));

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(forged));
    }

    [Fact]
    public async Task RefuseATokenThatWasChanged()
    {
        string[] parts = _server.Token(_server.Claims(Now)).Split('.');
        string other = _server.Token(_server.Claims(Now, "repo:evil/app:ref:refs/heads/main")).Split('.')[1];

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync($"{parts[0]}.{other}.{parts[2]}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    public async Task RefuseATokenWithoutASignature(string algorithm)
    {
        string text = $"{OidcKey.Encoded(new() { ["alg"] = algorithm, ["typ"] = "JWT" })}.{OidcKey.Encoded(_server.Claims(Now))}.";

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(text));
    }

    // The classic confusion of algorithms (https://www.rfc-editor.org/rfc/rfc8725#section-2.1).
    [Fact]
    public async Task RefuseThePublicKeyAsTheSecretOfAnHmac()
    {
        string text = $"{OidcKey.Encoded(new() { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = "first" })}.{OidcKey.Encoded(_server.Claims(Now))}";
        string forged = $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_server.Keys[0].PublicKey, Encoding.ASCII.GetBytes(text)))}";

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(forged));
    }

    [Theory]
    [InlineData("logout+jwt")]
    [InlineData("dpop+jwt")]
    public async Task RefuseJwtsThatAreMadeForSomethingElse(string type) => Assert.Equal(
        IssuerVerdict.Invalid,
        await VerdictAsync(_server.Keys[0].Token(_server.Claims(Now), header: new() { ["alg"] = "RS256", ["kid"] = "first", ["typ"] = type })));

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("JWT")]
    public async Task TakeAccessTokensAndIdTokens(string type) => Assert.Equal(
        IssuerVerdict.Accepted,
        await VerdictAsync(_server.Keys[0].Token(_server.Claims(Now), header: new() { ["alg"] = "RS256", ["kid"] = "first", ["typ"] = type })));

    [Fact]
    public async Task RefuseWhatIsCriticalAndNotUnderstood() => Assert.Equal(
        IssuerVerdict.Invalid,
        await VerdictAsync(_server.Keys[0].Token(
            _server.Claims(Now), header: new() { ["alg"] = "RS256", ["kid"] = "first", ["crit"] = new[] { "b64" }, ["b64"] = true })));

    [Fact]
    public async Task RefuseWeakKeys()
    {
        _server.Keys.Add(OidcKey.Rsa("weak", 1_024));

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(_server.Token(_server.Claims(Now))));
    }

    [Fact]
    public async Task TryAllKeysOnATokenThatNamesNone()
    {
        _server.Keys.Add(OidcKey.Rsa("second"));

        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(_server.Keys[1].Token(_server.Claims(Now), header: new() { ["alg"] = "RS256" })));
    }

    [Fact]
    public async Task FetchKeysOnceForAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallerAsync(_server.Token(_server.Claims(Now)))));

        Assert.Equal((1, 1), (_server.DocumentsGiven, _server.KeysGiven));
    }

    [Fact]
    public async Task LearnOfNewKeysWithinAMinute()
    {
        await CallerAsync(_server.Token(_server.Claims(Now)));
        _server.Keys[0] = OidcKey.Rsa("second");
        string rotated = _server.Token(_server.Claims(Now));

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(rotated));
        _time.Advance(IssuerKeys.Pause);
        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(rotated));
        Assert.Equal(2, _server.KeysGiven);
    }

    [Fact]
    public async Task AskForUnknownKeysOnceAMinute()
    {
        await CallerAsync(_server.Token(_server.Claims(Now)));
        for (int i = 0; i < 120; i++)
        {
            await VerdictAsync(_server.Keys[0].As($"made up {i}").Token(_server.Claims(Now)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_server.KeysGiven, 2, 3);
    }

    [Fact]
    public async Task ForgetKeysThatTheIssuerHasTakenBack()
    {
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["exp"] = Now.AddHours(2).ToUnixTimeSeconds();
        string token = _server.Token(claims);
        await CallerAsync(token);
        _server.Keys[0] = OidcKey.Rsa("second");
        _time.Advance(IssuerKeys.Fresh);

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync(token));
    }

    [Fact]
    public async Task GoOnForADayWithTheKeysOfAnIssuerThatIsAway()
    {
        await CallerAsync(_server.Token(_server.Claims(Now)));
        _server.IsBroken = true;

        _time.Advance(IssuerKeys.Longest - TimeSpan.FromMinutes(1));
        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(_server.Token(_server.Claims(Now))));
        _time.Advance(TimeSpan.FromMinutes(1));
        string reason = await UnreachableAsync(_server.Token(_server.Claims(Now)));
        Assert.Equal($"the keys of the issuer {_server.Issuer} are not to be had: it answered 503", reason);
    }

    // Whoever knows nothing must not say no.
    [Fact]
    public async Task SayThatTheIssuerCannotBeAskedUntilItCan()
    {
        _server.IsBroken = true;
        string token = _server.Token(_server.Claims(Now));

        await UnreachableAsync(token);
        await UnreachableAsync(token);
        Assert.Equal(1, _server.DocumentsGiven);

        _server.IsBroken = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(token));
    }

    [Theory]
    [InlineData("https://evil.example", null, null, "its configuration is that of \"https://evil.example\"")]
    [InlineData(null, "ftp://x/keys", null, "its keys are at \"ftp://x/keys\", which is no https address")]
    [InlineData(null, "", null, "its keys are at \"\", which is no https address")]
    [InlineData(null, null, "[]", "its documents could not be read")]
    [InlineData(null, null, "no json", "its documents could not be read")]
    public async Task SayWhatIsWrongWithAnIssuer(string? issuer, string? keysAddress, string? keys, string reason)
    {
        (_server.ClaimedIssuer, _server.KeysAddress, _server.KeysDocument) = (issuer, keysAddress, keys);

        Assert.EndsWith($"are not to be had: {reason}", await UnreachableAsync(_server.Token(_server.Claims(Now))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadNoEndlessDocument()
    {
        _server.KeysDocument = $"{{\"keys\":[],\"x\":\"{new string('x', IssuerKeys.MaxDocumentBytes)}\"}}";

        Assert.EndsWith("are not to be had: it could not be reached", await UnreachableAsync(_server.Token(_server.Claims(Now))), StringComparison.Ordinal);
    }

    // A key of the symmetric kind among the issuer's, and some that are none.
    [Fact]
    public async Task PassOverKeysOfOtherKinds()
    {
        _server.KeysDocument =
            $$"""{"keys":[{"kty":"oct","kid":"first","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},{"kty":"XX"},{{_server.Keys[0].Json}}]}""";
        string text = $"{OidcKey.Encoded(new() { ["alg"] = "HS256", ["kid"] = "first" })}.{OidcKey.Encoded(_server.Claims(Now))}";
        byte[] secret = Encoding.ASCII.GetBytes("secretsecretsecretsecretsecret");

        Assert.Equal(IssuerVerdict.Invalid, await VerdictAsync($"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}"));
        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(_server.Token(_server.Claims(Now))));
    }

    [Fact]
    public async Task AskNoPrivateAddressUnlessAllowed()
    {
        using IssuerTokens issuers = IssuersOf(Entry with { Issuer = "https://localhost:1", AllowPrivateAddress = false });
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["iss"] = "https://localhost:1";

        var refused = await Assert.ThrowsAsync<IssuerUnreachableException>(() => issuers.FindAsync(_server.Token(claims), Token));

        Assert.Contains("loopback", refused.Message, StringComparison.Ordinal);
        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("repo:octo/[^/:]+:ref:refs/heads/main", Main, true)]
    [InlineData("repo:octo/.*", "repo:octo/other:environment:prod", true)]
    [InlineData("repo:octo/app:ref:refs/heads/(main|release)", "repo:octo/app:ref:refs/heads/maintenance", false)]
    [InlineData("repo:octo/app:ref:refs/heads/main", "xrepo:octo/app:ref:refs/heads/main", false)]
    [InlineData("repo:octo/app|repo:octo/lib", "repo:octo/app:pull_request", false)]
    [InlineData("repo:octo/.*", "repo:octo/a\nb", false)]
    public async Task MatchSubjectsAsAWhole(string pattern, string subject, bool fits)
    {
        using IssuerTokens issuers = IssuersOf(Entry with { Subject = "", SubjectPattern = pattern });

        IssuerFinding finding = await issuers.FindAsync(_server.Token(_server.Claims(Now, subject)), Token);

        Assert.Equal(fits ? IssuerVerdict.Accepted : IssuerVerdict.NoRole, finding.Verdict);
    }

    // Entra ID: v1 says sts.windows.net and appid, v2 login.microsoftonline.com/TENANT/v2.0 and azp; app roles are in the list roles
    // (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
    [Fact]
    public async Task GiveTheRolesOfEveryEntryThatFits()
    {
        using IssuerTokens issuers = IssuersOf(
            Entry with { Subject = "", SubjectPattern = ".+", Claim = "roles", ClaimValue = "Scanner", Role = AccessRole.Scan },
            Entry with { Subject = "", SubjectPattern = ".+", Claim = "roles", ClaimValue = "Approver", Role = AccessRole.Approver },
            Entry with { Subject = "", SubjectPattern = ".+", Claim = "appid", ClaimValue = "11111111-2222", Role = AccessRole.Admin },
            Entry with { Audience = "another", Role = AccessRole.Requester });
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["roles"] = new[] { "Reader", "Scanner", "Approver" };
        claims["appid"] = "11111111-22223";

        IssuerFinding finding = await issuers.FindAsync(_server.Token(claims), Token);

        Assert.Equal([AccessRole.Scan, AccessRole.Approver], finding.Caller!.Roles);
        Assert.Equal("11111111-22223", finding.Caller.Name);
    }

    // Google says it as a boolean (https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload), others as a text.
    [Theory]
    [InlineData(true, IssuerVerdict.Accepted)]
    [InlineData("true", IssuerVerdict.Accepted)]
    [InlineData(null, IssuerVerdict.Accepted)]
    [InlineData(false, IssuerVerdict.NoRole)]
    [InlineData("false", IssuerVerdict.NoRole)]
    [InlineData("", IssuerVerdict.NoRole)]
    [InlineData(1, IssuerVerdict.NoRole)]
    public async Task TakeNoAddressThatIsSaidNotToBeVerified(object? said, IssuerVerdict verdict)
    {
        using IssuerTokens issuers = IssuersOf(Entry with { Subject = "", SubjectPattern = ".+", Claim = "email", ClaimValue = "a@example.com" });
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["email"] = "a@example.com";
        if (said is not null)
        {
            claims["email_verified"] = said;
        }

        IssuerFinding finding = await issuers.FindAsync(_server.Token(claims), Token);

        Assert.Equal(verdict, finding.Verdict);
    }

    [Fact]
    public async Task TakeATokenForSeveralAudiences()
    {
        Dictionary<string, object?> claims = _server.Claims(Now);
        claims["aud"] = new[] { "another", OidcServer.Audience };

        Assert.Equal(IssuerVerdict.Accepted, await VerdictAsync(_server.Token(claims)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("eyJ")]
    [InlineData("eyJ..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.W10.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOlsieCJdLCJhdWQiOnt9fQ.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4Ig.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.%%%.x")]
    [InlineData("eyJhbGciOjF9.e30.x")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJleHAiOiJzb29uIn0.x")]
    [InlineData("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d")]
    public async Task RefuseWhatIsNoJwt(string text) =>
        Assert.Contains(await VerdictAsync(text), new[] { IssuerVerdict.Unreadable, IssuerVerdict.UnknownIssuer });

    // Whatever is sent: a word, and never an exception.
    [Fact]
    public async Task HaveAWordForAnyBytes()
    {
        string good = _server.Token(_server.Claims(Now));
        await CallerAsync(good);
        Gen<string> changed = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char[' ', '~'], (at, c) => $"{good[..at]}{c}{good[(at + 1)..]}");
        Gen<string> json = Gen.Select(Gen.String, Gen.String, (header, payload) =>
            $"eyJ{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.x");
        string[] values = ["null", "1", "-1e999", "\"x\"", "[]", "{}", "[[[]]]", "true", "18446744073709551616", "\"\\ud800\"", $"\"{_server.Issuer}\""];
        Gen<string> value = Gen.Int[0, values.Length - 1].Select(i => values[i]);
        Gen<string> typed = Gen.Select(value.Array[6], value.Array[4], (claims, headers) =>
        {
            string payload = $"{{\"iss\":\"{_server.Issuer}\",\"iss\":{claims[0]},\"aud\":{claims[1]},\"sub\":{claims[2]},\"exp\":{claims[3]},\"nbf\":{claims[4]},\"roles\":{claims[5]}}}";
            string header = $"{{\"alg\":{headers[0]},\"kid\":{headers[1]},\"typ\":{headers[2]},\"crit\":{headers[3]}}}";
            return $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.x";
        });

        await Gen.OneOf(changed, json, typed).SampleAsync(async text => await _issuers.FindAsync(text, Token), iter: 2_000);
    }

    [Theory]
    [InlineData("http://issuer.example.com", "a", "s", "", "Access__Issuers__0__Issuer is 'http://issuer.example.com'; it must be an https address")]
    [InlineData("issuer.example.com", "a", "s", "", "Access__Issuers__0__Issuer is 'issuer.example.com'")]
    [InlineData("https://issuer.example.com/?x=y", "a", "s", "", "Access__Issuers__0__Issuer is")]
    [InlineData("https://issuer.example.com", "", "s", "", "Access__Issuers__0__Audience is empty")]
    [InlineData("https://issuer.example.com", "a", "", "", "Access__Issuers__0 needs a Subject or a SubjectPattern")]
    [InlineData("https://issuer.example.com", "a", "s", "s", "Access__Issuers__0 needs a Subject or a SubjectPattern")]
    [InlineData("https://issuer.example.com", "a", "", "a)|(b", "Access__Issuers__0__SubjectPattern is no regular expression")]
    [InlineData("https://issuer.example.com", "a", "", "(?=x)y", "Access__Issuers__0__SubjectPattern is no regular expression")]
    [InlineData("https://issuer.example.com", "a", "", @"(x)\1", "Access__Issuers__0__SubjectPattern is no regular expression")]
    [InlineData(IssuerRuleTests.GitHub, "a", "", "repo:.*", "Access__Issuers__0__SubjectPattern lets every repository on GitHub in")]
    public void RefuseSettingsThatCannotBe(string issuer, string audience, string subject, string pattern, string message)
    {
        var entry = new AccessIssuer { Issuer = issuer, Audience = audience, Subject = subject, SubjectPattern = pattern };

        Assert.StartsWith(message, Assert.Throws<FormatException>(() => IssuersOf(entry)).Message, StringComparison.Ordinal);
    }

    private IssuerTokens IssuersOf(params AccessIssuer[] entries) =>
        new(new AccessSettings { Issuers = entries }, _time, NullLogger<IssuerTokens>.Instance);

    private async Task<IssuerVerdict> VerdictAsync(string token) => (await _issuers.FindAsync(token, Token)).Verdict;

    private async Task<AccessIdentity> CallerAsync(string token)
    {
        IssuerFinding finding = await _issuers.FindAsync(token, Token);
        Assert.Equal(IssuerVerdict.Accepted, finding.Verdict);
        return finding.Caller!;
    }

    private async Task<string> UnreachableAsync(string token) =>
        (await Assert.ThrowsAsync<IssuerUnreachableException>(() => _issuers.FindAsync(token, Token))).Message;
}
