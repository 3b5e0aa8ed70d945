using System.Net;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>What Docker Hub says of its limit (https://docs.docker.com/docker-hub/usage/pulls/#view-pull-rate-and-limit), and others like it.</summary>
public sealed class RegistryRateLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsRememberedFromEachAnswer()
    {
        int remaining = 76;
        var registry = new FakeRegistry(_ => With(FakeRegistry.Manifest(TestImages.Manifest), "100;w=21600", $"{remaining--};w=21600", "192.0.2.1"));
        using RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("nginx", out ImageReference? name, out _));

        await client.Open(name).ResolveAsync(Token);
        await client.Open(name).ResolveAsync(Token);

        Assert.Equal(
            new RegistryRateLimit("docker.io", 100, 75, TimeSpan.FromHours(6), "192.0.2.1", registry.Time.GetUtcNow()), Assert.Single(client.RateLimits));
        Assert.Empty(registry.Log.Lines);
    }

    [Fact]
    public async Task IsInTheErrorWithWhatHelps()
    {
        var registry = new FakeRegistry(_ =>
        {
            HttpResponseMessage refusal = With(
                FakeRegistry.Status(HttpStatusCode.TooManyRequests, "You have reached your pull rate limit."), "100;w=21600", "0;w=21600", "192.0.2.1");
            refusal.Headers.TryAddWithoutValidation("Retry-After", "3600");
            return refusal;
        });

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("nginx").ResolveAsync(Token));

        Assert.EndsWith(
            "(docker.io limits how often it is asked without an account: 0 of 100 left of what it allows in 21600 seconds, counted for 192.0.2.1,"
                + " next in 3600 seconds; set Registries__N__Host=docker.io, Registries__N__Username and Registries__N__Password,"
                + " or a mirror in Registries__N__Mirrors)",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsThatOfWhoAsks()
    {
        var registry = new FakeRegistry(request => request.Authorization is null
            ? FakeRegistry.Challenge("Basic realm=\"r\"")
            : With(FakeRegistry.Status(HttpStatusCode.TooManyRequests), "200;w=21600", "3;w=21600", "me"));
        var listed = new RegistrySettings { Host = "docker.io", Username = "me", Password = "secret" };

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(
            () => registry.Open("nginx", new RegistryClientSettings { Retries = 0 }, null, listed).ResolveAsync(Token));

        Assert.EndsWith(
            "(docker.io limits how often it is asked: 3 of 200 left of what it allows in 21600 seconds, counted for me; a mirror in Registries__0__Mirrors asks it less)",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsWarnedOfOnceAnHourWhenLittleIsLeft()
    {
        int remaining = 12;
        var registry = new FakeRegistry(_ => With(FakeRegistry.Manifest(TestImages.Manifest), "100;w=21600", $"{remaining--};w=21600", ""));
        using RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("nginx", out ImageReference? name, out _));

        for (int i = 0; i < 6; i++)
        {
            await client.Open(name).ResolveAsync(Token);
        }

        Assert.Equal(
            "Warning Registry rate limit near docker.io: 10 of 100 left, counted for us over 06:00:00", Assert.Single(registry.Log.Lines));
        registry.Time.Advance(TimeSpan.FromMinutes(61));
        await client.Open(name).ResolveAsync(Token);
        Assert.Equal(2, registry.Log.Lines.Count);
    }

    // GitLab and others count without a window: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
    [Theory]
    [InlineData("60", "57", 57)]
    [InlineData("60;w=60", "0", 0)]
    [InlineData("60; w=60; x", "57 ; w=60", 57)]
    [InlineData("60", "", null)]
    [InlineData("", "57", null)]
    [InlineData("0", "0", null)]
    [InlineData("-1", "5", null)]
    [InlineData("9999999999999999999", "5", null)]
    [InlineData("60;w=99999999999", "5", null)]
    [InlineData("60;w=x", "5", null)]
    [InlineData(";;;", "5", null)]
    public async Task IsReadOnlyWhereItIsANumber(string limit, string remaining, int? expected)
    {
        var registry = new FakeRegistry(_ => With(FakeRegistry.Manifest(TestImages.Manifest), limit, remaining, "\u202Eevil" + new string('x', 5_000)));
        using RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));

        await client.Open(name).ResolveAsync(Token);

        Assert.Equal(expected, client.RateLimits.SingleOrDefault() is { } seen ? (int)seen.Remaining : null);
        Assert.All(client.RateLimits, seen => Assert.True(seen.Source.Length < 70 && !seen.Source.Contains('\u202E')));
    }

    [Fact]
    public async Task IsNotSaidByOthersThanTheRegistry()
    {
        byte[] layer = TestImages.Layer;
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "r.io" ? FakeRegistry.Redirect("https://blobs.example/x") : With(FakeRegistry.Bytes(layer), "100;w=1", "0;w=1", "x"));
        using RegistryClient client = registry.Client();
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));

        await using Stream opened = await client.Open(name).OpenBlobAsync(FakeRegistry.DescriptorOf(layer), Token);

        Assert.Empty(client.RateLimits);
    }

    private static HttpResponseMessage With(HttpResponseMessage answer, string limit, string remaining, string source)
    {
        answer.Headers.TryAddWithoutValidation("ratelimit-limit", limit);
        answer.Headers.TryAddWithoutValidation("ratelimit-remaining", remaining);
        answer.Headers.TryAddWithoutValidation("docker-ratelimit-source", source);
        return answer;
    }
}
