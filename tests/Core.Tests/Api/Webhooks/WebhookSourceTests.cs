using System.Net;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Api.Webhooks;
using ImageScan.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Api.Webhooks;

public sealed class WebhookSourceTests
{
    private const string Secret = "It's a Secret to Everybody";
    private const string Body = "Hello, World!";

    // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    private const string Signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", false)]
    [InlineData("It's a Secret to Everybody", true)]
    [InlineData("Bearer It's a Secret to Everybody", true)]
    [InlineData("bearer It's a Secret to Everybody", true)]
    [InlineData("Basic YW55Ym9keTpJdCdzIGEgU2VjcmV0IHRvIEV2ZXJ5Ym9keQ==", true)]
    [InlineData("it's a secret to everybody", false)]
    [InlineData("It's a Secret to Everybody ", false)]
    [InlineData("It's a Secret to Everybod", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic %", false)]
    [InlineData("Basic SXQncyBhIFNlY3JldCB0byBFdmVyeWJvZHk6", false)]
    public async Task TakesTheSecretOfAHeader(string authorization, bool isRight)
    {
        WebhookSource source = SourceOf(WebhookProof.Header, new WebhookSettings { Secret = Secret });

        HeadProof proof = await source.JudgeAsync(RequestOf(authorization), "", Token);

        Assert.Equal(isRight ? HeadProof.Proven : authorization.Length == 0 ? HeadProof.Missing : HeadProof.Wrong, proof);
    }

    [Fact]
    public async Task TakesTheSecretOfAPathOnlyWhereThatIsAllThereIs()
    {
        var settings = new WebhookSettings { Secret = Secret };

        Assert.Equal(HeadProof.Proven, await SourceOf(WebhookProof.Path, settings).JudgeAsync(RequestOf(), Secret, Token));
        Assert.Equal(HeadProof.Wrong, await SourceOf(WebhookProof.Path, settings).JudgeAsync(RequestOf(), "another", Token));
        Assert.Equal(HeadProof.Missing, await SourceOf(WebhookProof.Path, settings).JudgeAsync(RequestOf(), "", Token));
        Assert.Equal(HeadProof.Wrong, await SourceOf(WebhookProof.Header, settings).JudgeAsync(RequestOf(), Secret, Token));
    }

    [Fact]
    public async Task TakesTheFormerSecretToo()
    {
        WebhookSource source = SourceOf(WebhookProof.Header, new WebhookSettings { Secret = "a new one of the sender", PreviousSecret = Secret });

        Assert.Equal(HeadProof.Proven, await source.JudgeAsync(RequestOf(Secret), "", Token));
        Assert.Equal(HeadProof.Proven, await source.JudgeAsync(RequestOf("a new one of the sender"), "", Token));
        Assert.Equal(HeadProof.Wrong, await source.JudgeAsync(RequestOf("neither"), "", Token));
    }

    // Whoever knows the template knows a reference to Key Vault, which stands there until the identity may read it.
    [Fact]
    public void RefusesAReferenceThatWasNotResolved()
    {
        const string reference = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/github)";

        string former = Assert.Throws<SettingException>(
            () => SourceOf(WebhookProof.Header, new WebhookSettings { Secret = Secret, PreviousSecret = reference })).Message;
        string current = Assert.Throws<SettingException>(() => SourceOf(WebhookProof.Header, new WebhookSettings { Secret = reference })).Message;

        Assert.StartsWith("Webhooks__test__PreviousSecret is a reference to Key Vault", former, StringComparison.Ordinal);
        Assert.StartsWith("Webhooks__test__Secret is a reference to Key Vault", current, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DemandsTheSignatureWhereThereCanBeOne()
    {
        WebhookSource source = SourceOf(WebhookProof.Header | WebhookProof.Path | WebhookProof.Signature, new WebhookSettings { Secret = Secret });

        Assert.Equal(HeadProof.Missing, await source.JudgeAsync(RequestOf(Secret), Secret, Token));
        Assert.Equal(HeadProof.NeedsBody, await source.JudgeAsync(RequestOf(signature: Signature), "", Token));
        Assert.True(source.IsSignedBy(RequestOf(signature: Signature), Encoding.UTF8.GetBytes(Body), out string? id));
        Assert.Null(id);
        Assert.False(source.IsSignedBy(RequestOf(signature: Signature), "Hello, World?"u8, out _));
    }

    [Theory]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1g")]
    [InlineData("sha256=")]
    [InlineData("")]
    public async Task RefusesWhatIsNoSignatureBeforeItReadsABody(string signature)
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret });

        Assert.Equal(HeadProof.Missing, await source.JudgeAsync(RequestOf(signature: signature), "", Token));
        Assert.False(source.IsSignedBy(RequestOf(signature: signature), Encoding.UTF8.GetBytes(Body), out _));
    }

    [Fact]
    public void BelievesATimedSignatureOnlyForAWhile()
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret }, "X-Time");

        Assert.True(IsSigned(source, TimeSpan.Zero, out _));
        Assert.True(IsSigned(source, TimeSpan.FromSeconds(-300), out _));
        Assert.False(IsSigned(source, TimeSpan.FromSeconds(-301), out _));
        Assert.True(IsSigned(source, TimeSpan.FromSeconds(300), out _));
        Assert.False(IsSigned(source, TimeSpan.FromSeconds(301), out _));
    }

    [Fact]
    public void TakesASignedRequestOnceUnlessItWasNotDone()
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret }, "X-Time");
        Assert.True(IsSigned(source, TimeSpan.FromSeconds(300), out string? id));

        Repetition first = source.Begin(id!);
        Repetition meanwhile = source.Begin(id!);
        source.End(id!, isDone: false);
        Repetition again = source.Begin(id!);
        source.End(id!, isDone: true);

        // What came early would be young enough for another window.
        _time.Advance(TimeSpan.FromSeconds(599));
        Repetition late = source.Begin(id!);

        Assert.Equal([Repetition.None, Repetition.InWork, Repetition.None, Repetition.Done], [first, meanwhile, again, late]);
    }

    // The first of the two is forgotten in its time, which is not that of the second.
    [Fact]
    public void RemembersARequestThatCameAgainFromThenOn()
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret }, "X-Time");
        source.Begin("test 1");
        source.End("test 1", isDone: false);
        _time.Advance(TimeSpan.FromSeconds(500));
        source.Begin("test 1");
        source.End("test 1", isDone: true);

        _time.Advance(TimeSpan.FromSeconds(200));
        source.Begin("test 2");

        Assert.Equal(Repetition.Done, source.Begin("test 1"));
    }

    [Theory]
    [InlineData(WebhookProof.Header)]
    [InlineData(WebhookProof.Jwt)]
    public void StaysClosedToEverybodyWhereAnIssuerIsSet(WebhookProof proof)
    {
        var issuer = new WebhookIssuer { Issuer = "https://issuer.example", Audience = "app", Subject = "somebody" };

        WebhookSource source = SourceOf(proof, new WebhookSettings { AllowUnauthenticated = true, Issuers = [issuer] });

        Assert.False(source.IsUnproven);
        Assert.Equal(proof == WebhookProof.Jwt, source.IsOpen);
        Assert.Equal(proof == WebhookProof.Header, source.HasIdleIssuers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300800")]
    [InlineData(" 1795687200")]
    public void RefusesATimeThatIsNone(string stamp)
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret }, "X-Time");

        Assert.False(source.IsSignedBy(Timed(stamp), Encoding.UTF8.GetBytes(Body), out _));
    }

    [Fact]
    public void RefusesATimeThatIsNotTheSignedOne()
    {
        WebhookSource source = SourceOf(WebhookProof.Signature, new WebhookSettings { Secret = Secret }, "X-Time");
        HttpRequest request = Timed($"{_time.GetUtcNow().ToUnixTimeSeconds()}");
        request.Headers["X-Time"] = $"{_time.GetUtcNow().ToUnixTimeSeconds() + 1}";

        Assert.False(source.IsSignedBy(request, Encoding.UTF8.GetBytes(Body), out _));
    }

    [Fact]
    public async Task TakesAJwtOfAConfiguredIssuerAlone()
    {
        await using OidcServer server = await OidcServer.StartAsync(Token);
        var issuer = new WebhookIssuer { Issuer = server.Issuer, Audience = OidcServer.Audience, SubjectPattern = "repo:octo/.*", AllowPrivateAddress = true };
        WebhookSource source = SourceOf(WebhookProof.Jwt, new WebhookSettings { Issuers = [issuer] });
        Dictionary<string, object?> claims = server.Claims(_time.GetUtcNow());
        Dictionary<string, object?> others = server.Claims(_time.GetUtcNow(), "repo:somebody/else:ref:refs/heads/main");

        Assert.Equal(HeadProof.Proven, await source.JudgeAsync(RequestOf($"Bearer {server.Token(claims)}"), "", Token));
        Assert.Equal(HeadProof.Wrong, await source.JudgeAsync(RequestOf($"Bearer {server.Token(others)}"), "", Token));
        Assert.Equal(HeadProof.Wrong, await source.JudgeAsync(RequestOf($"Bearer {server.Token(claims)}x"), "", Token));
        Assert.Equal(HeadProof.Missing, await source.JudgeAsync(RequestOf(), "", Token));
    }

    [Theory]
    [InlineData(WebhookProof.Header, "", false, false)]
    [InlineData(WebhookProof.Header, "a secret of the sender", false, true)]
    [InlineData(WebhookProof.Header, "", true, true)]
    [InlineData(WebhookProof.Jwt, "a secret of the sender", false, false)]
    [InlineData(WebhookProof.None, "a secret of the sender", false, false)]
    public void IsClosedUntilItsSenderCanBeKnown(WebhookProof proof, string secret, bool isUnproven, bool isOpen) =>
        Assert.Equal(isOpen, SourceOf(proof, new WebhookSettings { Secret = secret, AllowUnauthenticated = isUnproven }).IsOpen);

    [Fact]
    public async Task NeedsItsSecretAlsoWhereItMightDoWithout()
    {
        WebhookSource open = SourceOf(WebhookProof.Header, new WebhookSettings { AllowUnauthenticated = true });
        WebhookSource closed = SourceOf(WebhookProof.Header, new WebhookSettings { AllowUnauthenticated = true, Secret = Secret });

        Assert.Equal(HeadProof.Proven, await open.JudgeAsync(RequestOf(), "", Token));
        Assert.Equal(HeadProof.Missing, await closed.JudgeAsync(RequestOf(), "", Token));
    }

    [Fact]
    public void SaysNoSecret() =>
        Assert.DoesNotContain(Secret, new WebhookSettings { Secret = Secret, PreviousSecret = Secret }.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("registry.example.com", "registry.example.com", "registry.example.com")]
    [InlineData("registry.example.com", "Registry.Example.COM", "registry.example.com")]
    [InlineData("Registry.Example.com:443", "registry.example.com", "registry.example.com")]
    [InlineData("registry.example.com", "registry.example.com:443", "registry.example.com")]
    [InlineData("registry.example.com", "registry.example.com:5000", null)]
    [InlineData("registry.example.com", "evil.registry.example.com", null)]
    [InlineData("registry.example.com", "registry.example.com.evil", null)]
    [InlineData("registry.example.com", "", "registry.example.com")]
    [InlineData("a.example.com, b.example.com", "", null)]
    [InlineData("a.example.com,, b.example.com", "b.example.com", "b.example.com")]
    [InlineData("index.docker.io", "docker.io", "docker.io")]
    [InlineData("docker.io", "registry-1.docker.io", "docker.io")]
    [InlineData("", "registry.example.com", null)]
    [InlineData("", "", null)]
    public void SpeaksForItsOwnRegistries(string settings, string host, string? found) =>
        Assert.Equal(found, SourceOf(WebhookProof.Header, new WebhookSettings { Registries = settings }).Registries.Find(host));

    [Theory]
    [InlineData("https://registry.example.com")]
    [InlineData("registry.example.com/team")]
    [InlineData("*")]
    [InlineData("*.example.com")]
    [InlineData("a b")]
    public void RefusesARegistryThatCannotBeOne(string settings)
    {
        SettingException refused = Assert.Throws<SettingException>(() => SourceOf(WebhookProof.Header, new WebhookSettings { Registries = settings }));

        Assert.StartsWith("Webhooks__test__Registries has ", refused.Message, StringComparison.Ordinal);
    }

    private bool IsSigned(WebhookSource source, TimeSpan ago, out string? id) =>
        source.IsSignedBy(Timed($"{(_time.GetUtcNow() + ago).ToUnixTimeSeconds()}"), Encoding.UTF8.GetBytes(Body), out id);

    private static HttpRequest Timed(string stamp)
    {
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{stamp}.{Body}"));
        HttpRequest request = RequestOf(signature: $"sha256={Convert.ToHexStringLower(mac)}");
        request.Headers["X-Time"] = stamp;
        return request;
    }

    private static HttpRequest RequestOf(string authorization = "", string signature = "")
    {
        HttpRequest request = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } }.Request;
        request.Headers.Authorization = authorization;
        request.Headers["X-Test-Signature"] = signature;
        return request;
    }

    private WebhookSource SourceOf(WebhookProof proof, WebhookSettings settings, string timestamp = "") => new(
        new TestProvider(proof, timestamp),
        settings,
        new IssuerTokens([.. settings.Issuers.Select(issuer => issuer.ToAccess())], "Webhooks__test__Issuers", _time, NullLogger<IssuerTokens>.Instance),
        new WebhookReplays(TimeSpan.FromSeconds(300), _time));

    private sealed class TestProvider(WebhookProof proof, string timestamp) : IWebhookProvider
    {
        public string Name => "test";

        public WebhookProof Proof => proof;

        public string SignatureHeader => "X-Test-Signature";

        public string TimestampHeader => timestamp;

        public WebhookReading Read(WebhookMessage message) => WebhookReading.Ping;
    }
}
