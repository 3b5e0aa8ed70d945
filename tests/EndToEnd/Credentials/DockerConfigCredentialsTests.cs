using ImageScan.Core.Images.Registries;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Credentials;

namespace ImageScan.EndToEnd.Credentials;

public sealed class DockerConfigCredentialsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("imagescan-tests-").FullName;
    private readonly List<string> _warnings = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"auths":{"r.io":{"auth":"bWU6c2U6Y3JldA=="}}}""", "r.io", "me", "se:cret")]
    [InlineData("""{"auths":{"r.io":{"auth":"bWU6c2VjcmV0AAA="}}}""", "r.io", "me", "secret")]
    [InlineData("""{"auths":{"r.io":{"username":"me","password":"secret"}}}""", "r.io", "me", "secret")]
    [InlineData("""{"auths":{"https://r.io/v2/":{"auth":"bWU6c2VjcmV0"}}}""", "r.io", "me", "secret")]
    [InlineData("""{"auths":{"r.io:5000":{"auth":"bWU6c2VjcmV0"}}}""", "r.io:5000", "me", "secret")]
    [InlineData("""{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"}}}""", "docker.io", "me", "secret")]
    [InlineData("""{"auths":{"docker.io":{"auth":"bWU6c2VjcmV0"}}}""", "docker.io", "me", "secret")]
    public async Task FindsTheAccountOfARegistry(string json, string registry, string username, string password)
    {
        RegistryCredential? credential = await With(json).FindAsync(registry, "team/app", Token);

        Assert.Equal(new RegistryCredential(username, password), credential);
    }

    [Fact]
    public async Task FindsAnIdentityToken()
    {
        RegistryCredential? credential = await With("""{"auths":{"r.io":{"identitytoken":"abc"}}}""").FindAsync("r.io", "app", Token);

        Assert.Equal(new RegistryCredential("", "", "abc"), credential);
    }

    [Theory]
    [InlineData("team/app", "exact")]
    [InlineData("team/other", "team")]
    [InlineData("else", "all")]
    public async Task PrefersTheLongestPath(string repository, string username)
    {
        const string json = """{"auths":{"r.io":{"username":"all"},"r.io/team":{"username":"team"},"r.io/team/app":{"username":"exact"}}}""";

        Assert.Equal(username, (await With(json).FindAsync("r.io", repository, Token))!.Username);
    }

    [Theory]
    [InlineData("""{"auths":{"r.io":{"auth":"bWU6c2VjcmV0"}}}""")]
    [InlineData("""{"auths":{"other.io":{}}}""")]
    [InlineData("""{"auths":[]}""")]
    [InlineData("""{"auths":{"other.io":{"auth":"%%%"}}}""")]
    [InlineData("{}")]
    public async Task HasNothingForAnotherRegistry(string json)
    {
        Assert.Null(await With(json).FindAsync("other.io", "app", Token));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("nonsense with secret")]
    [InlineData("[]")]
    public async Task WarnsOfAFileThatIsNoConfigurationWithoutTellingWhatIsInIt(string json)
    {
        Assert.Null(await With(json).FindAsync("r.io", "app", Token));

        string warning = Assert.Single(_warnings);
        Assert.Contains("could not be read", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsksTheHelperOfTheRegistryWithItsHostOnStandardInput()
    {
        Helper("fake", """read host; printf '{"ServerURL":"%s","Username":"of %s","Secret":"s"}' "$host" "$host" """);

        DockerConfigCredentials credentials = With("""{"credHelpers":{"r.io":"fake"},"auths":{"r.io":{"username":"file"}}}""");

        Assert.Equal(new RegistryCredential("of r.io", "s"), await credentials.FindAsync("r.io", "app", Token));
    }

    [Fact]
    public async Task AsksTheGeneralStoreForDockerHubUnderItsOldKey()
    {
        Helper("fake", """read host; printf '{"Username":"%s","Secret":"s"}' "$host" """);

        Assert.Equal("https://index.docker.io/v1/", (await With("""{"credsStore":"fake"}""").FindAsync("docker.io", "library/nginx", Token))!.Username);
    }

    [Fact]
    public async Task TakesATokenOfAHelperAsIdentityToken()
    {
        Helper("fake", """echo '{"Username":"<token>","Secret":"abc"}'""");

        Assert.Equal(new RegistryCredential("", "", "abc"), await With("""{"credsStore":"fake"}""").FindAsync("r.io", "app", Token));
    }

    [Fact]
    public async Task FallsBackToTheFileIfTheHelperHasNothing()
    {
        Helper("fake", "echo 'credentials not found in native keychain'; exit 1");

        Assert.Equal("file", (await With("""{"credsStore":"fake","auths":{"r.io":{"username":"file"}}}""").FindAsync("r.io", "app", Token))!.Username);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("fake; touch x")]
    [InlineData("../fake")]
    [InlineData("FAKE")]
    [InlineData("$(id)")]
    public async Task StartsNothingForASuffixThatIsNone(string suffix)
    {
        DockerConfigCredentials credentials = With($$"""{"credsStore":"{{suffix}}"}""");

        Assert.Null(await credentials.FindAsync("r.io", "app", Token));
        Assert.Contains("may hold only a-z, 0-9 and '-'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("echo nonsense", "no credential in JSON")]
    [InlineData("head -c 100000 /dev/zero", "more than 65536 bytes")]
    [InlineData("exec sleep 60", "did not answer within 2 seconds")]
    public async Task WarnsOfAHelperThatFails(string script, string reason)
    {
        Helper("fake", script);

        Assert.Null(await With("""{"credsStore":"fake"}""").FindAsync("r.io", "app", Token));
        Assert.Contains(reason, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WarnsOfAHelperThatIsMissing()
    {
        Assert.Null(await With("""{"credHelpers":{"r.io":"none"}}""").FindAsync("r.io", "app", Token));

        Assert.Contains("docker-credential-none is not on the PATH.", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LooksWhereDockerAndPodmanDo()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "run", "containers"));
        Directory.CreateDirectory(Path.Combine(_folder, ".docker"));
        await File.WriteAllTextAsync(Path.Combine(_folder, ".docker", "config.json"), """{"auths":{"r.io":{"username":"docker"}}}""", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "run", "containers", "auth.json"), """{"auths":{"r.io":{"username":"podman"},"p.io":{"username":"podman"}}}""", Token);

        var credentials = DockerConfigCredentials.ForUser(name => name == "XDG_RUNTIME_DIR" ? Path.Combine(_folder, "run") : null, _folder, _warnings.Add);

        Assert.Equal("docker", (await credentials.FindAsync("r.io", "app", Token))!.Username);
        Assert.Equal("podman", (await credentials.FindAsync("p.io", "app", Token))!.Username);
    }

    private DockerConfigCredentials With(string json)
    {
        string file = Path.Combine(_folder, "config.json");
        File.WriteAllText(file, json);
        return new DockerConfigCredentials([file], new CredentialHelper(_folder, TimeSpan.FromSeconds(2)), _warnings.Add);
    }

    private void Helper(string suffix, string script) => ShellScript.Write(Path.Combine(_folder, $"docker-credential-{suffix}"), script);
}
