using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Logins;

/// <summary>A registry with passwords of ECR, behind APIs of AWS that check what they are sent.</summary>
[Collection(StateServers.Name)]
public sealed class AwsLoginTests(SharedAzurite azurite) : IAsyncLifetime
{
    private TestRegistry _registry = null!;
    private AwsServer _aws = null!;
    private string _image = "";

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        _aws = await AwsServer.StartAsync();
        _image = _registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));

        // ECR answers with Basic (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http).
        _registry.Misbehave((context, found) => RegistryFaults.RequireBasic("AWS", _aws.Password)(context, found));
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _aws.DisposeAsync();
    }

    private Task<TokenServer> StartAsync(params (string Name, string Value)[] more) => StartAsync(AwsServer.Secret, more);

    private Task<TokenServer> StartAsync(string secret, params (string Name, string Value)[] more) => TokenServer.StartAsync(
        azurite,
        [
            ("Storage:Prefix", ScanApp.NewPrefix()),
            ("Scan:InlineBytes", "1048576"),
            ("RegistryClient:Retries", "0"),
            ("Registries:0:Host", _registry.Host),
            ("Registries:0:Insecure", "true"),
            ("Registries:0:Login", "Aws"),
            ("Registries:0:Region", AwsServer.Region),
            ("Registries:0:EcrEndpoint", _aws.Address),
            ("Registries:0:StsEndpoint", _aws.Address),
            ("Registries:0:AccessKeyId", AwsServer.KeyId),
            ("Registries:0:SecretAccessKey", secret),
            .. more,
        ]);

    [Fact]
    public async Task ReadsAnImageWithAKey()
    {
        await using TokenServer server = await StartAsync();

        ApiAnswer scanned = await server.ScanAsync(_image);
        ApiAnswer again = await server.ScanAsync(_registry.Push("team/image", "2", TestImages.OfNpm("left-pad@1.2.0")));

        Assert.True(scanned.Status == HttpStatusCode.OK && again.Status == HttpStatusCode.OK, scanned.Text + again.Text);
        Assert.Single(_aws.Requests);
        Assert.DoesNotContain(_registry.Requests, request => request.Authorization.Contains("AWS4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadsAnImageWithARole()
    {
        await using TokenServer server = await StartAsync(("Registries:0:RoleArn", AwsServer.Role), ("Registries:0:ExternalId", "agreed"));

        ApiAnswer scanned = await server.ScanAsync(_image);

        Assert.True(scanned.Status == HttpStatusCode.OK, scanned.Text);
        Assert.Equal(["AssumeRole", ""], _aws.Requests.Select(request => request.Form.GetValueOrDefault("Action", "")));
        Assert.Equal("agreed", _aws.Requests[0].Form["ExternalId"]);
    }

    [Fact]
    public async Task ReadsAnImageWithTheTokenOfAPod()
    {
        _aws.WebIdentityToken = "token of the pod";
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, _aws.WebIdentityToken, TestContext.Current.CancellationToken);
        try
        {
            (int exitCode, string output, string error) = await CommandProcess.RunAsync(
                new Dictionary<string, string>
                {
                    ["AWS_ROLE_ARN"] = AwsServer.Role,
                    ["AWS_WEB_IDENTITY_TOKEN_FILE"] = file,
                    ["AWS_ACCESS_KEY_ID"] = "",
                    ["Registries__0__Host"] = _registry.Host,
                    ["Registries__0__Insecure"] = "true",
                    ["Registries__0__Login"] = "Aws",
                    ["Registries__0__Region"] = AwsServer.Region,
                    ["Registries__0__EcrEndpoint"] = _aws.Address,
                    ["Registries__0__StsEndpoint"] = _aws.Address,
                },
                "scan",
                _image,
                "--format",
                "json");

            Assert.True(exitCode == 0, error);
            Assert.Contains("left-pad", output, StringComparison.Ordinal);
            Assert.Equal(["AssumeRoleWithWebIdentity", ""], _aws.Requests.Select(request => request.Form.GetValueOrDefault("Action", "")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task SaysThatTheKeyIsWrongButNotWhatItIs()
    {
        await using TokenServer server = await StartAsync("another secret");

        ApiAnswer scanned = await server.ScanAsync(_image);

        Assert.Contains("ecr:GetAuthorizationToken", scanned.Message, StringComparison.Ordinal);
        Assert.Contains("AWS refused it (InvalidSignatureException)", scanned.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another secret", scanned.Text, StringComparison.Ordinal);
        Assert.All(_registry.Requests, request => Assert.Equal("", request.Authorization));
    }

    [Fact]
    public async Task SaysThatTheClockIsWrong()
    {
        _aws.Ahead = TimeSpan.FromMinutes(30);
        await using TokenServer server = await StartAsync();

        ApiAnswer scanned = await server.ScanAsync(_image);

        Assert.Contains("the clock of this machine is 30 minutes behind that of AWS: set it right", scanned.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsksForAPasswordAnewThatHasExpired()
    {
        _aws.Life = TimeSpan.FromMilliseconds(300);
        await using TokenServer server = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.ScanAsync(_image)).Status);
        int before = _aws.Requests.Count;

        // What opened a repository is kept with it, so each time it is another one.
        int repositories = 0;
        ApiAnswer again = await Eventually.GetAsync(
            () => server.ScanAsync(_registry.Push($"team/image-{++repositories}", "1", TestImages.OfNpm("left-pad@1.2.0"))),
            _ => _aws.Requests.Count > before);

        Assert.True(again.Status == HttpStatusCode.OK, again.Text);
    }
}
