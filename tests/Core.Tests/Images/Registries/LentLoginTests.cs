using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>An account that is for one origin alone, and for one image.</summary>
public sealed class LentLoginTests
{
    private const string Host = "harbor.example.com";
    private const string Secret = "robot's own";

    private static readonly RegistryCredential Robot = new("robot$scan", Secret);
    private static readonly string Basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"robot$scan:{Secret}"))}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RegistryAccount Account(string home = $"https://{Host}", RegistryCredential? credential = null) =>
        new("job", "the login of this scan", Host) { Credential = credential ?? Robot, OnlyAtHome = new Uri(home) };

    private static IImageSource Open(FakeRegistry registry, RegistryAccount account, IReadOnlyList<RegistryAccount> others, params RegistrySettings[] settings)
    {
        Assert.True(ImageReference.TryParse($"{Host}/team/image:1", out ImageReference? reference, out _));
        return registry.Client(others, settings).Open(reference, account);
    }

    private static IImageSource Open(FakeRegistry registry, params RegistrySettings[] settings) => Open(registry, Account(), [], settings);

    private static FakeRegistry Asking(string challenge) => new(request => request.Authorization is not null && request.Uri.AbsolutePath != "/service/token"
        ? FakeRegistry.Serve(request, TestImages.Manifest)
        : request.Uri.AbsolutePath == "/service/token" ? FakeRegistry.Status(HttpStatusCode.OK, """{"token":"jwt"}""")
        : FakeRegistry.Challenge(challenge));

    [Fact]
    public async Task GoesToItsRegistryWhenThatAsksForIt()
    {
        FakeRegistry registry = Asking("Basic realm=\"harbor\"");

        await Open(registry).ResolveAsync(Token);

        Assert.Equal([null, Basic], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task GoesToATokenServerOfTheSameOrigin()
    {
        FakeRegistry registry = Asking($"Bearer realm=\"https://{Host}/service/token\",service=\"harbor-registry\"");

        await Open(registry).ResolveAsync(Token);

        Assert.Equal([null, Basic, "Bearer jwt"], registry.Requests.Select(request => request.Authorization));
        Assert.Equal(
            $"https://{Host}/service/token?service=harbor-registry&scope=repository%3Ateam%2Fimage%3Apull", registry.Requests[1].Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://auth.example.com/service/token")]
    [InlineData("https://harbor.example.com:8443/service/token")]
    [InlineData("https://harbor.example.com.evil.example/service/token")]
    public async Task GoesToNoTokenServerElsewhere(string realm)
    {
        FakeRegistry registry = Asking($"Bearer realm=\"{realm}\"");

        var refused = await Assert.ThrowsAsync<RegistryException>(() => Open(registry).ResolveAsync(Token));

        Assert.Contains("goes nowhere but to https://harbor.example.com/", refused.Message, StringComparison.Ordinal);
        Assert.Equal([Host], registry.Requests.Select(request => request.Uri.Authority));
    }

    [Fact]
    public async Task SendsABearerAsItStands()
    {
        FakeRegistry registry = Asking($"Bearer realm=\"https://{Host}/service/token\"");
        RegistryAccount account = Account(credential: new RegistryCredential("", "") { RegistryToken = "lent.jwt" });

        await Open(registry, account, []).ResolveAsync(Token);

        Assert.Equal([null, "Bearer lent.jwt"], registry.Requests.Select(request => request.Authorization));
    }

    [Theory]
    [InlineData("https://blobs.example.com/x")]
    [InlineData("https://harbor.example.com:8443/x")]
    public async Task IsNotSentAlongARedirect(string location)
    {
        var registry = new FakeRegistry(request => request.Uri.Host + request.Uri.Port != $"{Host}443" ? FakeRegistry.Serve(request, TestImages.Manifest)
            : request.Authorization is null ? FakeRegistry.Challenge("Basic realm=\"harbor\"")
            : FakeRegistry.Redirect(location));

        await Assert.ThrowsAnyAsync<RegistryException>(() => Open(registry).ResolveAsync(Token));

        Assert.Contains(registry.Requests, request => request.Uri.AbsoluteUri == location);
        Assert.All(registry.Requests.Where(request => request.Uri.AbsoluteUri == location), request => Assert.Null(request.Authorization));
    }

    [Theory]
    [InlineData("http://harbor.example.com", false)]
    [InlineData("https://harbor.example.com:444", false)]
    [InlineData("https://other.example.com", false)]
    [InlineData("https://harbor.example.com", true)]
    public void IsUsedForNoOtherSchemeHostOrPort(string home, bool isInsecure)
    {
        RegistrySettings[] settings = isInsecure ? [new RegistrySettings { Host = Host, Insecure = true }] : [];

        var refused = Assert.Throws<RegistryException>(() => Open(Asking(""), Account(home), [], settings));

        Assert.Contains("is not where harbor.example.com is read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("__Insecure", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandsAloneBesideOtherLogins()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Challenge("Basic realm=\"harbor\""));
        var integration = new RegistryAccount("one", "one", Host) { Credential = new RegistryCredential("ann", "hers") };

        await Assert.ThrowsAsync<RegistryException>(
            () => Open(registry, Account(), [integration], new RegistrySettings { Host = Host, Username = "bob", Password = "his" }).ResolveAsync(Token));

        Assert.Equal([null, Basic], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task IsNotSentAfterItsEndNotEvenWhatWasGotWithItBefore()
    {
        FakeRegistry registry = Asking("Basic realm=\"harbor\"");
        IImageSource source = Open(registry, Account() with { Until = registry.Time.GetUtcNow().AddHours(1) }, []);
        await source.ResolveAsync(Token);
        registry.Time.Advance(TimeSpan.FromMinutes(2));
        await source.ResolveAsync(Token);
        int before = registry.Requests.Count;

        registry.Time.Advance(TimeSpan.FromMinutes(58));
        RegistryException ended = await Assert.ThrowsAsync<RegistryException>(() => source.ResolveAsync(Token));

        Assert.Equal("the login of this scan has ended at 2026-11-25 13:00:00Z, and is not used any more", ended.Message);
        Assert.Equal((RegistryFailure.AccountUnusable, 3, 3), (ended.Failure, before, registry.Requests.Count));
    }

    [Fact]
    public async Task IsRememberedInNoRateLimit()
    {
        var registry = new FakeRegistry(request =>
        {
            HttpResponseMessage answer = FakeRegistry.Serve(request, TestImages.Manifest);
            answer.Headers.TryAddWithoutValidation("ratelimit-limit", "100");
            answer.Headers.TryAddWithoutValidation("ratelimit-remaining", "1");
            return answer;
        });
        Assert.True(ImageReference.TryParse($"{Host}/team/image:1", out ImageReference? reference, out _));
        RegistryClient client = registry.Client([]);

        await client.Open(reference, Account()).ResolveAsync(Token);
        Assert.Empty(client.RateLimits);
        await client.Open(reference).ResolveAsync(Token);
        Assert.Single(client.RateLimits);
    }

    [Fact]
    public async Task IsKeptForNobodyElse()
    {
        FakeRegistry registry = Asking("Basic realm=\"harbor\"");
        Assert.True(ImageReference.TryParse($"{Host}/team/image:1", out ImageReference? reference, out _));
        RegistryClient client = registry.Client([]);
        await client.Open(reference, Account()).ResolveAsync(Token);

        await Assert.ThrowsAsync<RegistryException>(() => client.Open(reference).ResolveAsync(Token));
        await Assert.ThrowsAsync<RegistryException>(() => client.Open(reference, Account() with { Credential = null }).ResolveAsync(Token));

        Assert.Equal([null, Basic, null, null], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task IsNotRepeatedFromWhatTheRegistrySays()
    {
        // A body that gives back the request, as debugging proxies do.
        var registry = new FakeRegistry(request => request.Authorization is null
            ? FakeRegistry.Challenge("Basic realm=\"harbor\"")
            : FakeRegistry.Status(HttpStatusCode.Forbidden, $$"""{"errors":[{"code":"DENIED","message":"{{request.Authorization}} may not"}]}"""));

        IImageSource source = Open(registry);
        var refused = await Assert.ThrowsAsync<RegistryException>(() => source.ReadManifestAsync(FakeRegistry.DescriptorOf(TestImages.Manifest), Platform.Default, Token));

        Assert.DoesNotContain(Basic["Basic ".Length..], refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("the login that came with this scan may not read it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsNotPrinted() => Assert.DoesNotContain(Secret, $"{Account()} {Account().Credential}", StringComparison.Ordinal);
}
