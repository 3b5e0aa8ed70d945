using ImageScan.Core.Images.Registries.Logins;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// How an integration logs in with the help of its registry's cloud: with keys of AWS that it has, or with this app's own identity. That identity is
/// the deployment's and not of who made the integration, so it goes to hosts of the cloud only.
/// </summary>
internal static class IntegrationLogin
{
    /// <summary>The login; null if it has none of that kind.</summary>
    public static CloudLogin? Of(ImageIntegration integration, IntegrationSecrets secrets) => integration.Config switch
    {
        AzureConfig { WifEnabled: true } => new AzureLogin(),
        GoogleConfig { WifEnabled: true } => new GoogleLogin(),
        EcrConfig { AuthorizationData: null } ecr => new AwsLogin
        {
            Keys = ecr.UseIam ? null : new AwsKeys(secrets[SecretField.AccessKeyId], secrets[SecretField.SecretAccessKey]),
            UsesEnvironment = ecr.UseIam,
            RoleArn = ecr.UseAssumeRole ? RoleOf(ecr) : "",
            ExternalId = ecr.UseAssumeRole ? ecr.AssumeRoleExternalId : "",
            EcrEndpoint = ecr.Endpoint,
        },
        _ => null,
    };

    /// <summary>Whether it is of that kind, as far as that can be said without its secrets.</summary>
    public static bool IsOf(ImageIntegration integration) =>
        integration.Config is AzureConfig { WifEnabled: true } or GoogleConfig { WifEnabled: true } or EcrConfig { AuthorizationData: null };

    /// <summary>Why it cannot be used; null if it can, or is of another kind.</summary>
    public static string? ReasonNotToUse(ImageIntegration integration)
    {
        if (!IsOf(integration) || IntegrationHost.Of(integration) is not { } host)
        {
            return null;
        }

        bool isHome = integration.Config switch
        {
            AzureConfig => CloudHosts.IsAzure(host.Name),
            GoogleConfig => CloudHosts.IsGoogle(host.Name),
            _ => true,
        };
        return integration.Config switch
        {
            EcrConfig when EcrHost.Parse(host.Name) is null => "registryId must be an account of AWS, twelve digits, and region one of its regions",
            EcrConfig { Endpoint: { Length: > 0 } endpoint } ecr => ReasonAgainst(endpoint, ecr.UseIam),
            _ when !isHome => "this app's own identity logs in only at hosts of its cloud: *.azurecr.io for Azure, *.pkg.dev and *.gcr.io for Google",
            _ when host.IsPlainHttp => "an identity of a cloud is not sent over plain http",
            _ when integration.CertificateAuthority.Length > 0 => "an identity of a cloud is not sent where certificateAuthority says who is believed",
            _ => null,
        };
    }

    // Signed requests give away who we are, and the session with it.
    private static string? ReasonAgainst(string endpoint, bool isOwnIdentity) =>
        CloudEndpoint.OfOthers(endpoint) is not { } api ? "endpoint must be the https address of ECR's API"
        : isOwnIdentity && !EcrHost.IsApi(api.Address.Host) ? "with useIam endpoint must be a host of ECR's API, such as api.ecr.eu-west-1.amazonaws.com"
        : null;

    // As StackRox makes it (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/ecr/ecr.go), with the region's partition.
    private static string RoleOf(EcrConfig ecr) => $"arn:{EcrHost.PartitionOf(ecr.Region)}:iam::{ecr.RegistryId}:role/{ecr.AssumeRoleId}";
}
