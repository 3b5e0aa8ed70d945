using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Integrations;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Scans.Integrations;

public sealed class IntegrationAccountTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static ImageIntegration Of(string type, IntegrationConfig config, string name = "one") => new()
    {
        Id = name,
        Name = name,
        Type = type,
        Categories = [IntegrationCategory.Registry],
        Config = config,
    };

    private static readonly EcrConfig Ecr = new() { RegistryId = "123456789012", Region = "eu-west-1" };
    private const string EcrHost = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

    public static TheoryData<ImageIntegration, string, CloudLogin> Logins => new()
    {
        { Of("azure", new AzureConfig("x.azurecr.io", "", true)), "x.azurecr.io", new AzureLogin() },
        { Of("google", new GoogleConfig("eu.gcr.io", "team", true)), "eu.gcr.io", new GoogleLogin() },
        { Of("ecr", Ecr), EcrHost, new AwsLogin { Keys = new AwsKeys("AKIDEXAMPLE", "hunter2") } },
        { Of("ecr", Ecr with { UseIam = true }), EcrHost, new AwsLogin { UsesEnvironment = true } },
        {
            Of("ecr", Ecr with { UseIam = true, UseAssumeRole = true, AssumeRoleId = "scan", AssumeRoleExternalId = "agreed" }), EcrHost,
            new AwsLogin { UsesEnvironment = true, RoleArn = "arn:aws:iam::123456789012:role/scan", ExternalId = "agreed" }
        },
        {
            Of("ecr", Ecr with { Region = "cn-north-1", UseIam = true, UseAssumeRole = true, AssumeRoleId = "scan" }),
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            new AwsLogin { UsesEnvironment = true, RoleArn = "arn:aws-cn:iam::123456789012:role/scan" }
        },
        {
            Of("ecr", Ecr with { UseIam = true, Endpoint = "api.ecr.eu-west-1.amazonaws.com" }), EcrHost,
            new AwsLogin { UsesEnvironment = true, EcrEndpoint = "api.ecr.eu-west-1.amazonaws.com" }
        },
        { Of("ecr", Ecr with { Endpoint = "https://ecr.example.com" }), EcrHost, new AwsLogin { Keys = new AwsKeys("AKIDEXAMPLE", "hunter2"), EcrEndpoint = "https://ecr.example.com" } },
    };

    [Theory]
    [MemberData(nameof(Logins))]
    public void LogsInByTheRegistrysCloud(ImageIntegration integration, string host, CloudLogin login)
    {
        var secrets = new IntegrationSecrets([new(SecretField.AccessKeyId, "AKIDEXAMPLE"), new(SecretField.SecretAccessKey, "hunter2")]);

        RegistryAccount account = IntegrationAccount.Of(integration, secrets, "1", problem: null);

        Assert.Equal((host, null, login), (account.Host, account.Credential, account.Login));
        Assert.True(IntegrationAccount.IsFor(integration, host, "team/image", Now));
        Assert.True(IntegrationAccount.HasUser(integration, []));
        Assert.DoesNotContain("hunter2", $"{account} {account.Login}", StringComparison.Ordinal);
    }

    public static TheoryData<ImageIntegration, SecretField, string, string> Kinds => new()
    {
        { Of("docker", new DockerConfig("https://registry-1.docker.io", "ann", false)), SecretField.Password, "docker.io", "ann" },
        { Of("docker", new DockerConfig("registry.example.com:5000/", "ann", false)), SecretField.Password, "registry.example.com:5000", "ann" },
        { Of("quay", new QuayConfig("quay.io", false, null)), SecretField.OauthToken, "quay.io", "$oauthtoken" },
        { Of("quay", new QuayConfig("quay.io", false, "org+robot")), SecretField.RobotPassword, "quay.io", "org+robot" },
        { Of("ibm", new IbmConfig("us.icr.io")), SecretField.ApiKey, "us.icr.io", "iamapikey" },
        { Of("google", new GoogleConfig("eu.gcr.io", "team", false)), SecretField.ServiceAccount, "eu.gcr.io", "_json_key" },
        { Of("azure", new AzureConfig("x.azurecr.io", "ann", false)), SecretField.Password, "x.azurecr.io", "ann" },
        { Of("azure", new DockerConfig("x.azurecr.io", "ann", false)), SecretField.Password, "x.azurecr.io", "ann" },
        {
            Of("ecr", new EcrConfig { RegistryId = "123", Region = "eu-west-1", AuthorizationData = new EcrAuthorization("AWS", Now.AddHours(1)) }),
            SecretField.AuthorizationPassword, "123.dkr.ecr.eu-west-1.amazonaws.com", "AWS"
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void LogsInAsEachKindOfRegistryWantsIt(ImageIntegration integration, SecretField field, string host, string username)
    {
        var secrets = new IntegrationSecrets([KeyValuePair.Create(field, "hunter2")]);

        RegistryAccount account = IntegrationAccount.Of(integration, secrets, "1", problem: null);

        Assert.Equal((host, new RegistryCredential(username, "hunter2")), (account.Host, account.Credential));
        Assert.True(IntegrationAccount.IsFor(integration, host.ToUpperInvariant(), "team/image", Now));
        Assert.DoesNotContain("hunter2", $"{account} {account.Credential} {secrets} {integration with { Secrets = secrets }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scanner only")]
    [InlineData("an account that AWS does not have")]
    [InlineData("an endpoint that is not ECR's")]
    [InlineData("an expired login")]
    [InlineData("an identity elsewhere")]
    [InlineData("an identity over plain http")]
    [InlineData("an identity behind an authority")]
    [InlineData("another project")]
    [InlineData("another host")]
    public void IsNotUsedWith(string what)
    {
        (ImageIntegration integration, string host) = what switch
        {
            "scanner only" => (Of("quay", new QuayConfig("quay.io", false, null)) with { Categories = [IntegrationCategory.Scanner] }, "quay.io"),
            "an account that AWS does not have" => (Of("ecr", new EcrConfig { RegistryId = "1", Region = "r" }), "1.dkr.ecr.r.amazonaws.com"),
            "an endpoint that is not ECR's" => (Of("ecr", Ecr with { UseIam = true, Endpoint = "https://evil.example" }), EcrHost),
            "an expired login" =>
                (Of("ecr", new EcrConfig { RegistryId = "1", Region = "r", AuthorizationData = new EcrAuthorization("AWS", Now) }), "1.dkr.ecr.r.amazonaws.com"),
            "an identity elsewhere" => (Of("azure", new AzureConfig("x.azurecr.io.evil.com", "", true)), "x.azurecr.io.evil.com"),
            "an identity over plain http" => (Of("azure", new AzureConfig("http://x.azurecr.io", "", true)), "x.azurecr.io"),
            "an identity behind an authority" =>
                (Of("azure", new AzureConfig("x.azurecr.io", "", true)) with { CertificateAuthority = "PEM" }, "x.azurecr.io"),
            "another project" => (Of("google", new GoogleConfig("gcr.io", "other", false)), "gcr.io"),
            _ => (Of("docker", new DockerConfig("registry.example.com", "", false)), "registry.example.com:5000"),
        };

        Assert.False(IntegrationAccount.IsFor(integration, host, "team/image", Now));
    }

    [Fact]
    public void TriesThoseWithAUserFirstAndThoseMadeByPeopleBeforeOthers()
    {
        StoredImageIntegration Row(string name, string user, bool autogenerated = false) => new(
            name,
            Of("docker", new DockerConfig("registry.example.com", user, false), name) with { Autogenerated = autogenerated },
            new Dictionary<SecretField, string>(),
            "1");
        var set = new IntegrationSet([Row("a", ""), Row("b", "ann", autogenerated: true), Row("d", "ann"), Row("c", "ann")]);

        Assert.Equal(["c", "d", "b", "a"], set.Of("registry.example.com", "team/image", Now).Select(row => row.Id));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("localhost:5000", "endpoint cannot reference localhost")]
    [InlineData("http://127.0.0.1", "endpoint cannot reference localhost")]
    [InlineData("https://LOCALHOST/", "endpoint cannot reference localhost")]
    [InlineData("169.254.169.254", "endpoint cannot reference the cluster metadata service")]
    [InlineData("metadata.google.internal:80", "endpoint cannot reference the cluster metadata service")]
    [InlineData("ann:hunter2@registry.example.com", "it must be a host with an optional port")]
    [InlineData("a b", "it must be a host with an optional port")]
    [InlineData("registry.example.com", null)]
    public void ChecksEndpointsAsStackRoxDoes(string endpoint, string? reason) => Assert.Equal(reason, IntegrationHost.ReasonAgainst(endpoint));

    [Theory]
    [InlineData("registry.example.com", "registry.example.com", false)]
    [InlineData("http://registry.example.com:5000/", "registry.example.com:5000", true)]
    [InlineData("HTTPS://index.docker.io", "docker.io", false)]
    [InlineData("registry.example.com/path", null, false)]
    [InlineData("ann@registry.example.com", null, false)]
    [InlineData("", null, false)]
    [InlineData("a:b:c", null, false)]
    public void ReadsTheHostOfAnEndpoint(string endpoint, string? host, bool isPlainHttp)
    {
        IntegrationHost? read = IntegrationHost.Of(endpoint);

        Assert.Equal((host, isPlainHttp), (read?.Name, read?.IsPlainHttp ?? false));
    }
}
