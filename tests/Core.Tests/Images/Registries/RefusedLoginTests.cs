using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>A login that has expired does not hide what everybody may read.</summary>
public sealed class RefusedLoginTests
{
    private const string Realm = "Bearer realm=\"https://auth.example/token\",service=\"s\"";

    private static readonly RegistrySettings Listed = new() { Host = "r.io", Username = "me", Password = "expired" };
    private static readonly string Login = $"Basic {Convert.ToBase64String("me:expired"u8)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task IsLeftOutOnceTheTokenServerHasRefusedIt(HttpStatusCode status)
    {
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.Host: "auth.example", Authorization: null } => FakeRegistry.Bytes("""{"token":"open"}"""u8.ToArray()),
            { Uri.Host: "auth.example" } => FakeRegistry.Status(status, """{"details":"expired"}"""),
            { Authorization: "Bearer open" } => FakeRegistry.Serve(request, TestImages.Manifest),
            _ => FakeRegistry.Challenge(Realm),
        });
        IImageSource source = registry.Open("r.io/n", null, null, Listed);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal([null, Login, null, null, "Bearer open", "Bearer open"], registry.Requests.Select(request => request.Authorization));
        string warning = Assert.Single(registry.Log.Lines);
        Assert.StartsWith("Warning Registry login refused r.io, read without it: failed to get a token", warning, StringComparison.Ordinal);
        Assert.Contains("Registries__0__Password", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task IsLeftOutOnceTheRegistryHasRefusedWhatItGot(HttpStatusCode status)
    {
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.Host: "auth.example" } =>
                FakeRegistry.Bytes(Encoding.ASCII.GetBytes($$"""{"token":"{{(request.Authorization is null ? "open" : "mine")}}"}""")),
            { Authorization: "Bearer open" } => FakeRegistry.Manifest(TestImages.Manifest),
            { Authorization: "Bearer mine" } => FakeRegistry.Status(status),
            _ => FakeRegistry.Challenge(Realm),
        });

        await registry.Open("r.io/n", null, null, Listed).ResolveAsync(Token);

        Assert.Equal(
            [null, Login, "Bearer mine", null, null, "Bearer open"], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task IsLeftOutThoughItsTokenWasKept()
    {
        bool isExpired = false;
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.Host: "auth.example" } =>
                FakeRegistry.Bytes(Encoding.ASCII.GetBytes($$"""{"token":"{{(request.Authorization is null ? "open" : "mine")}}"}""")),
            { Authorization: "Bearer mine" } when isExpired => FakeRegistry.Status(HttpStatusCode.Forbidden),
            { Authorization: "Bearer open" or "Bearer mine" } => FakeRegistry.Manifest(TestImages.Manifest),
            _ => FakeRegistry.Challenge(Realm),
        });
        using RegistryClient client = registry.Client(registries: [Listed]);
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        await client.Open(name).ResolveAsync(Token);
        isExpired = true;

        await client.Open(name).ResolveAsync(Token);

        Assert.Equal("Bearer open", registry.Requests[^1].Authorization);
    }

    [Fact]
    public async Task IsWhatTheErrorIsAboutIfNobodyMayComeInWithoutOne()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "auth.example"
            ? FakeRegistry.Status(HttpStatusCode.Unauthorized, request.Authorization is null ? "" : """{"details":"wrong password"}""")
            : FakeRegistry.Challenge(Realm));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, Listed).ResolveAsync(Token));

        Assert.Contains("wrong password", e.Message, StringComparison.Ordinal);
        Assert.Contains("the account of Registries__0__Username", e.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Log.Lines);
        Assert.Equal(4, registry.Requests.Count);
    }

    // Who demands Basic of somebody who has shown nothing has said already that nobody comes in so.
    [Fact]
    public async Task IsNotLeftOutWhereTheRegistryDemandsOneOfEverybody()
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Challenge("Basic realm=\"r\""));

        await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, Listed).ResolveAsync(Token));

        Assert.Equal([null, Login], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task IsNotLeftOutForAnyOtherFailure()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "auth.example"
            ? FakeRegistry.Status(HttpStatusCode.BadRequest)
            : FakeRegistry.Challenge(Realm));

        await Assert.ThrowsAsync<RegistryException>(() => registry.Open("r.io/n", null, null, Listed).ResolveAsync(Token));

        Assert.Equal(2, registry.Requests.Count);
    }

    // The other accounts come first, and nothing that an account says of the way there is used without it.
    [Fact]
    public async Task IsFollowedByOtherAccountsAndAtLastByTheWayOfTheSettings()
    {
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.Host: "mirror.example" } => FakeRegistry.Status(HttpStatusCode.NotFound),
            { Uri.Host: "auth.example", Authorization: null } => FakeRegistry.Bytes("""{"token":"open"}"""u8.ToArray()),
            { Uri.Host: "auth.example" } => FakeRegistry.Status(HttpStatusCode.Unauthorized),
            { Authorization: "Bearer open" } => FakeRegistry.Manifest(TestImages.Manifest),
            _ => FakeRegistry.Challenge(Realm),
        });
        RegistryAccount[] accounts =
        [
            new("a", "a", "r.io") { Credential = new RegistryCredential("a", "x"), IsPlainHttp = true, Mirror = "mirror.example" },
            new("b", "b", "r.io") { Credential = new RegistryCredential("b", "x") },
        ];
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        IImageSource source = registry.Client(accounts).Open(name);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Null(source.Origin);
        int last = registry.Requests.FindLastIndex(request => request.Uri.Host == "auth.example" && request.Authorization is not null);
        Assert.All(registry.Requests.Skip(last + 1), request => Assert.Equal(("https", true), (request.Uri.Scheme, request.Uri.Host is "r.io" or "auth.example")));
        Assert.Equal(2, registry.Requests.Where(request => request.Uri.Host == "auth.example").Select(request => request.Authorization).OfType<string>().Distinct().Count());
    }

    [Fact]
    public async Task IsTestedAsItIs()
    {
        var registry = new FakeRegistry(request => request.Uri.Host == "auth.example"
            ? request.Authorization is null ? FakeRegistry.Bytes("""{"token":"open"}"""u8.ToArray()) : FakeRegistry.Status(HttpStatusCode.Unauthorized)
            : request.Authorization is null ? FakeRegistry.Challenge(Realm) : FakeRegistry.Bytes([]));
        using RegistryClient client = registry.Client([]);

        await Assert.ThrowsAsync<RegistryException>(
            () => client.TestAsync(new RegistryAccount("a", "a", "r.io") { Credential = new RegistryCredential("a", "x") }, "v2/", Token));
    }
}
