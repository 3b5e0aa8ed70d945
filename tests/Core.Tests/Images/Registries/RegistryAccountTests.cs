using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Images that may be read by several accounts, or through a mirror.</summary>
public sealed class RegistryAccountTests
{
    private const string Image = "registry.example.com/team/image:1";
    private const string Host = "registry.example.com";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RegistryAccount Account(string id, string password) =>
        new(id, $"name of {id}", Host) { Credential = new RegistryCredential("ann", password), Stamp = "1" };

    private static string Basic(string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{password}"))}";

    private static FakeRegistry Asking(string password, byte[] manifest) => new(request => request.Authorization == Basic(password)
        ? FakeRegistry.Serve(request, manifest)
        : FakeRegistry.Challenge("Basic realm=\"x\""));

    private static IImageSource Open(FakeRegistry registry, RegistryAccount[] accounts, params RegistrySettings[] settings)
    {
        Assert.True(ImageReference.TryParse(Image, out ImageReference? reference, out _));
        return registry.Client([.. accounts], settings).Open(reference);
    }

    [Fact]
    public async Task TriesTheNextAccountWhenOneIsRefused()
    {
        byte[] manifest = TestImages.Manifest;
        FakeRegistry registry = Asking("right", manifest);
        IImageSource source = Open(registry, [Account("one", "wrong"), Account("two", "right")]);

        Descriptor target = await source.ResolveAsync(Token);
        await source.ReadManifestAsync(target, Platform.Default, Token);

        Assert.Equal(new ImageOrigin("two", "name of two", ""), source.Origin);
        Assert.Equal([null, Basic("wrong"), null, Basic("right")], registry.Requests.Take(4).Select(request => request.Authorization));

        // Once one is right, the others are not asked again.
        Assert.DoesNotContain(registry.Requests.Skip(4), request => request.Authorization == Basic("wrong"));
    }

    [Fact]
    public async Task SaysWhatTheFirstWasTold()
    {
        FakeRegistry registry = Asking("right", []);

        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => Open(registry, [Account("one", "wrong"), Account("two", "wrong too")]).ResolveAsync(Token));

        Assert.Equal(401, refused.StatusCode);
        Assert.Contains("integration \"name of one\"", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.Message.Replace("is wrong", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesTheSettingsFirst()
    {
        byte[] manifest = TestImages.Manifest;
        FakeRegistry registry = Asking("right", manifest);

        await Open(registry, [Account("one", "wrong")], new RegistrySettings { Host = Host, Username = "ann", Password = "right" }).ResolveAsync(Token);

        Assert.Equal([null, Basic("right")], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task PassesOverAnAccountThatCannotBeUsedAndSaysWhyIfThereIsNoOther()
    {
        byte[] manifest = TestImages.Manifest;
        FakeRegistry registry = Asking("right", manifest);
        RegistryAccount unusable = Account("one", "right") with { Credential = null, Problem = "key \"a\" is missing" };

        await Open(registry, [unusable, Account("two", "right")]).ResolveAsync(Token);
        int asked = registry.Requests.Count;
        var refused = await Assert.ThrowsAsync<RegistryException>(() => Open(registry, [unusable]).ResolveAsync(Token));

        Assert.Equal("key \"a\" is missing", refused.Message);
        Assert.Equal(asked, registry.Requests.Count);
    }

    [Fact]
    public async Task NeverSendsSettingsPasswordsWhereAnAccountSaysHowToGetThere()
    {
        FakeRegistry registry = Asking("right", []);
        var listed = new RegistrySettings { Host = Host, Username = "ann", Password = "right" };
        RegistryAccount plain = new("one", "one", Host) { IsPlainHttp = true };
        RegistryAccount unverified = new("two", "two", Host) { Trust = new RegistryTrust(SkipsVerification: true, "") };

        using RegistryClient client = registry.Client([], listed);
        await Assert.ThrowsAsync<RegistryException>(() => client.TestAsync(plain, "v2/", Token));
        await Assert.ThrowsAsync<RegistryException>(() => client.TestAsync(unverified, "v2/", Token));

        Assert.All(registry.Requests, request => Assert.Equal((null, "https"), (request.Authorization, request.Uri.Scheme)));
    }

    [Fact]
    public async Task NeverLiftsTheAddressGuard()
    {
        byte[] manifest = TestImages.Manifest;
        FakeRegistry registry = Asking("right", manifest);

        await Open(registry, [Account("one", "right") with { IsPlainHttp = true, Trust = new RegistryTrust(true, "") }]).ResolveAsync(Token);

        Assert.All(registry.Requests, request => Assert.Equal((AddressRule.Public, "http"), (request.Rule, request.Uri.Scheme)));
    }

    [Fact]
    public async Task AsksTheMirrorFirstAndNeverWithTheCredentialOfTheRegistry()
    {
        byte[] manifest = TestImages.Manifest;
        var registry = new FakeRegistry(request => request.Uri.Host == "mirror.example.com"
            ? FakeRegistry.Challenge("Bearer realm=\"https://mirror.example.com/token\"")
            : FakeRegistry.Serve(request, manifest));
        IImageSource source = Open(registry, [Account("one", "right") with { Mirror = "mirror.example.com/cache" }]);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        SentRequest[] atMirror = [.. registry.Requests.Where(request => request.Uri.Host == "mirror.example.com")];
        Assert.Equal("/v2/cache/team/image/manifests/1", atMirror[0].Uri.AbsolutePath);
        Assert.All(atMirror, request => Assert.Null(request.Authorization));
        Assert.Equal(new ImageOrigin("one", "name of one", ""), source.Origin);

        // A mirror that refuses is not asked again.
        Assert.Equal(2, atMirror.Length);
    }

    [Fact]
    public async Task FallsBackToTheRegistryWhereTheMirrorLies()
    {
        byte[] manifest = TestImages.Manifest;
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "mirror.example.com" && request.Method == "GET" ? FakeRegistry.Manifest([.. "{}"u8]) : FakeRegistry.Serve(request, manifest));
        IImageSource source = Open(registry, [Account("one", "right") with { Mirror = "mirror.example.com" }]);

        ImageManifest read = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(manifest), read.Digest);
        Assert.Equal("", source.Origin!.Mirror);
    }

    [Fact]
    public async Task SaysWhichMirrorAnswered()
    {
        byte[] manifest = TestImages.Manifest;
        FakeRegistry registry = FakeRegistry.Holding(manifest);
        IImageSource source = Open(registry, [Account("one", "right") with { Mirror = "mirror.example.com:5000/cache" }]);

        await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal("mirror.example.com:5000/cache/team/image:1", source.Origin!.Mirror);
        Assert.All(registry.Requests, request => Assert.Equal("mirror.example.com", request.Uri.Host));
    }

    [Theory]
    [InlineData("mirror.example.com", true)]
    [InlineData("mirror.example.com:5000/a/b", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("mirror", false)]
    [InlineData("docker.io", false)]
    [InlineData("docker.io/cache", true)]
    [InlineData("https://mirror.example.com", false)]
    [InlineData("mirror.example.com/", false)]
    [InlineData("mirror.example.com/Upper", false)]
    [InlineData("mirror.example.com/a:tag", false)]
    [InlineData("ann@mirror.example.com", false)]
    [InlineData("mirror.example.com/../x", false)]
    public void TellsWhatCanBeAMirror(string text, bool isOne) => Assert.Equal(isOne, ImageReference.IsMirror(text));

    [Fact]
    public async Task TestsWithNothingThatWasKept()
    {
        FakeRegistry registry = Asking("right", []);
        using RegistryClient client = registry.Client([]);

        await Assert.ThrowsAsync<RegistryException>(() => client.TestAsync(Account("one", "wrong"), "v2/", Token));
        var unknown = await Assert.ThrowsAsync<RegistryException>(() => client.TestAsync(Account("one", "right"), "v2/", Token));

        // The credential was taken; what is asked for is not there in this one.
        Assert.Equal((int)HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.All(registry.Requests, request => Assert.Equal("/v2/", request.Uri.AbsolutePath));
    }
}
