using System.Net;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>What a registry is asked to change of an image.</summary>
public sealed class RegistryChangeTests
{
    private static readonly RegistrySettings WithAccount = new() { Host = "r.io", Username = "me", Password = "secret" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AsksForATokenThatMayPushAndKeepsItApartFromThatForReading()
    {
        var registry = new FakeRegistry(request => request switch
        {
            { Uri.Host: "auth.example" } => FakeRegistry.Bytes("""{"token":"may-push","expires_in":300}"""u8.ToArray()),
            { Authorization: "Bearer may-push" } => FakeRegistry.Status(HttpStatusCode.OK),
            _ => FakeRegistry.Challenge("Bearer realm=\"https://auth.example/token\",service=\"r.io\""),
        });
        RegistryClient client = registry.Client(registries: [WithAccount]);

        await client.ChangeAsync(Named("r.io/team/image:1"), "acr/v1/team/image/_manifests/sha256:1", "{}"u8.ToArray(), Token);
        await client.ChangeAsync(Named("r.io/team/image:1"), "acr/v1/team/image/_manifests/sha256:1", "{}"u8.ToArray(), Token);

        Assert.Equal(
            ["PATCH /acr/v1/team/image/_manifests/sha256:1", "GET /token", "PATCH /acr/v1/team/image/_manifests/sha256:1", "PATCH /acr/v1/team/image/_manifests/sha256:1"],
            registry.Requests.Select(request => $"{request.Method} {request.Uri.AbsolutePath}"));
        Assert.Equal("?service=r.io&scope=repository%3Ateam%2Fimage%3Apull%2Cpush", registry.Requests[1].Uri.Query);
    }

    [Theory]
    [InlineData("https://evil.example/x")]
    [InlineData("https://r.io:444/x")]
    public async Task SendsWhatIsToBeChangedNowhereElse(string location)
    {
        var registry = new FakeRegistry(_ => FakeRegistry.Redirect(location));

        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => registry.Client(registries: [WithAccount])
            .ChangeAsync(Named("r.io/team/image:1"), "acr/v1/team/image/_manifests/sha256:1", "{}"u8.ToArray(), Token));

        Assert.Contains("sends us elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Equal("r.io", Assert.Single(registry.Requests).Uri.Host);
    }

    [Fact]
    public async Task TriesTheNextLoginWhereOneMayNot()
    {
        var registry = new FakeRegistry(request => request.Authorization switch
        {
            null => FakeRegistry.Challenge("Basic realm=\"r.io\""),
            _ when request.Authorization == BasicOf("writer") => FakeRegistry.Status(HttpStatusCode.OK),
            _ => FakeRegistry.Status(HttpStatusCode.Forbidden),
        });
        RegistryAccount[] accounts =
            [new("1", "reader", "r.io") { Credential = new("reader", "secret") }, new("2", "writer", "r.io") { Credential = new("writer", "secret") }];

        await registry.Client(accounts).ChangeAsync(Named("r.io/team/image:1"), "acr/v1/x", "{}"u8.ToArray(), Token);

        Assert.Equal(BasicOf("writer"), registry.Requests[^1].Authorization);
    }

    private static string BasicOf(string user) => $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:secret"))}";

    private static ImageReference Named(string name) => ImageReference.TryParse(name, out ImageReference? image, out _) ? image : throw new FormatException(name);
}
