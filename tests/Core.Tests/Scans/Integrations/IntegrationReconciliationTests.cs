using ImageScan.Core.Results;
using ImageScan.Core.Scans.Integrations;

namespace ImageScan.Core.Tests.Scans.Integrations;

public sealed class IntegrationReconciliationTests
{
    private static readonly ImageIntegration Docker = Of("docker", new DockerConfig("registry.example.com", "ann", Insecure: false), SecretField.Password);
    private static readonly ImageIntegration Quay = Of("quay", new QuayConfig("quay.io", Insecure: false, "robot"), SecretField.RobotPassword);
    private static readonly ImageIntegration Ecr = Of(
        "ecr", new EcrConfig { RegistryId = "1", Region = "eu-west-1", AuthorizationData = new EcrAuthorization("AWS", null) }, SecretField.AuthorizationPassword);

    private static ImageIntegration Of(string type, IntegrationConfig config, params SecretField[] masked) => new()
    {
        Id = "id",
        Name = "name",
        Type = type,
        Categories = [IntegrationCategory.Registry],
        Config = config,
        Secrets = new IntegrationSecrets(masked.Select(field => KeyValuePair.Create(field, IntegrationSecrets.Mask))),
    };

    public static TheoryData<string, ImageIntegration, ImageIntegration> Moved => new()
    {
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Docker.DockerConfig.Endpoint'", Docker with { Config = new DockerConfig("evil.example.com", "ann", false) }, Docker },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Docker.DockerConfig.Endpoint'", Docker with { Config = new DockerConfig("http://registry.example.com", "ann", false) }, Docker },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Docker.DockerConfig.Username'", Docker with { Config = new DockerConfig("registry.example.com", "bob", false) }, Docker },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Docker.DockerConfig.Insecure'", Docker with { Config = new DockerConfig("registry.example.com", "ann", true) }, Docker },
        { "credentials required to update field 'ImageIntegration.Type'", Docker with { Type = "azure" }, Docker },
        { "credentials required to update field 'ImageIntegration.Mirror'", Docker with { Mirror = "evil.example.com" }, Docker },
        { "credentials required to update field 'ImageIntegration.CertificateAuthority'", Docker with { CertificateAuthority = "evil" }, Docker },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Quay.QuayConfig.Insecure'", Quay with { Config = new QuayConfig("quay.io", true, "robot") }, Quay },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Ecr.ECRConfig.Region'", Ecr with { Config = (EcrConfig)Ecr.Config! with { Region = "evil" } }, Ecr },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Ecr.ECRConfig.UseAssumeRole'", Ecr with { Config = (EcrConfig)Ecr.Config! with { UseAssumeRole = true } }, Ecr },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Ecr.ECRConfig.AssumeRoleId'", Ecr with { Config = (EcrConfig)Ecr.Config! with { AssumeRoleId = "other" } }, Ecr },
        { "credentials required to update field 'ImageIntegration.ImageIntegration_Ecr.ECRConfig.AssumeRoleExternalId'", Ecr with { Config = (EcrConfig)Ecr.Config! with { AssumeRoleExternalId = "other" } }, Ecr },
        { "type not equal: 'storage.ImageIntegration_Quay' != 'storage.ImageIntegration_Docker'", Quay, Docker },
        { "non-nil existing field 'ImageIntegration.ImageIntegration_Quay.QuayConfig.RegistryRobotCredentials'", Quay with { Config = new QuayConfig("quay.io", false, null), Secrets = IntegrationSecrets.None }, Quay },
        { "the request doesn't have a valid integration config type", Docker with { Config = null }, Docker },
        { "non-zero or unmasked credential field 'ImageIntegration.ImageIntegration_Docker.DockerConfig.Password'", Docker with { Secrets = new IntegrationSecrets([KeyValuePair.Create(SecretField.Password, "hunter2")]) }, Docker },
    };

    [Theory]
    [MemberData(nameof(Moved))]
    public void KeepsSecretsFromAnyOtherPlace(string message, ImageIntegration wanted, ImageIntegration kept) => Assert.Equal(
        $"{message}: invalid arguments",
        Assert.Throws<ImageIntegrationRefusedException>(() => IntegrationReconciliation.EnsureSamePlace(wanted, kept)).Message);

    [Fact]
    public void LetsAllElseChange()
    {
        IntegrationReconciliation.EnsureSamePlace(Docker with { Name = "other", Categories = [], SkipTestIntegration = true, ClusterId = "c" }, Docker);
        IntegrationReconciliation.EnsureSamePlace(Quay with { Secrets = IntegrationSecrets.None }, Quay);
        IntegrationReconciliation.EnsureSamePlace(Ecr, Ecr);
    }
}
