using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Logins out of <c>RegistryClient__DockerConfigJson</c>.</summary>
public sealed class SettingLoginsTests
{
    private const string Json = """{"auths":{"r.io":{"auth":"bWU6c2VjcmV0"}}}""";
    private const string OfJson = "Basic bWU6c2VjcmV0";

    private static readonly CredentialLookup Others = (registry, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("other", registry));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AreTakenBeforeThoseOfTheMachine()
    {
        CredentialLookup logins = SettingLogins.Before(Others, Json);

        Assert.Equal("secret", (await logins("r.io", "app", Token))!.Password);
        Assert.Equal("x.io", (await logins("x.io", "app", Token))!.Password);
    }

    [Fact]
    public async Task AreUsedWhereSettingsAndAccountsHaveNone()
    {
        FakeRegistry registry = Asking(OfJson);

        await registry.Open("r.io/n", new RegistryClientSettings { DockerConfigJson = Json }).ResolveAsync(Token);

        Assert.Equal([null, OfJson], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task AreNotUsedWhereTheSettingsHaveOne()
    {
        FakeRegistry registry = Asking("Basic YW5uOnI=");
        var listed = new RegistrySettings { Host = "r.io", Username = "ann", Password = "r" };

        await registry.Open("r.io/n", new RegistryClientSettings { DockerConfigJson = Json }, null, listed).ResolveAsync(Token);

        Assert.DoesNotContain(registry.Requests, request => request.Authorization == OfJson);
    }

    [Theory]
    [InlineData("""{"credsStore":"secretservice"}""", "only the command line reads")]
    [InlineData("""{"auths":{"r.io":{"auth":"c2VjcmV0"}},"credHelpers":{"r.io":"ecr-login"}}""", "Put the logins themselves into auths")]
    [InlineData("/run/secrets/.dockerconfigjson", "it must be the text itself, not the name of a file")]
    [InlineData("{\"auths\":{\"r.io\":{\n\"password\":secret", "(line 2)")]
    [InlineData("[]", "no JSON object")]
    public void AreRefusedWithAWordThatTellsNoneOfThem(string json, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => SettingLogins.Read(json));

        Assert.StartsWith("RegistryClient__DockerConfigJson is ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AreNoEndlessText() => Assert.Throws<FormatException>(() => SettingLogins.Read(new string(' ', LoginFile.MaxBytes + 1)));

    [Fact]
    public void AreNotInTheTextOfTheirSettings()
    {
        Assert.DoesNotContain("auths", new RegistryClientSettings { DockerConfigJson = Json }.ToString(), StringComparison.Ordinal);
        Assert.Equal("RegistrySettings r.io", new RegistrySettings { Host = "r.io", Password = "x", ClientKey = "y" }.ToString());
    }

    private static FakeRegistry Asking(string authorization) => new(request =>
        request.Authorization == authorization ? FakeRegistry.Manifest(TestImages.Manifest) : FakeRegistry.Challenge("Basic realm=\"r\""));
}
