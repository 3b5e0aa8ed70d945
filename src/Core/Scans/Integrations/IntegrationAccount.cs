using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>What an integration is to the client of registries.</summary>
internal static class IntegrationAccount
{
    /// <summary>Why its registry is not read by it although it is of a kind that we know; null if it is.</summary>
    public static string? ReasonNotToUse(ImageIntegration integration, DateTimeOffset now) => integration.Config switch
    {
        EcrConfig { AuthorizationData.ExpiresAt: { } end } when end <= now => $"the authorizationData has expired at {end:u}",
        _ => IntegrationLogin.ReasonNotToUse(integration),
    };

    /// <summary>Whether images of a registry, and of a repository in it, are read by it.</summary>
    public static bool IsFor(ImageIntegration integration, string registry, string repository, DateTimeOffset now) =>
        integration.Categories.Contains(IntegrationCategory.Registry)
        && string.Equals(IntegrationHost.Of(integration)?.Name, registry, StringComparison.OrdinalIgnoreCase)
        && IsOfProject(integration.Config, repository)
        && ReasonNotToUse(integration, now) is null;

    /// <summary>Whether somebody logs in by it, as far as that can be said without its secrets.</summary>
    public static bool HasUser(ImageIntegration integration, IReadOnlyCollection<SecretField> secrets) =>
        UsernameOf(integration.Config, secrets).Length > 0 || IntegrationLogin.IsOf(integration);

    /// <summary>The account; it must have a registry.</summary>
    /// <param name="integration">The integration.</param>
    /// <param name="secrets">Its secrets; null if they cannot be had.</param>
    /// <param name="stamp">Another one after every change.</param>
    /// <param name="problem">Why they cannot be had; null if they can.</param>
    public static RegistryAccount Of(ImageIntegration integration, IntegrationSecrets? secrets, string stamp, string? problem)
    {
        IntegrationHost host = IntegrationHost.Of(integration)!;
        bool skipsVerification = integration.Config is DockerConfig { Insecure: true } or QuayConfig { Insecure: true };
        return new RegistryAccount(integration.Id, integration.Name, host.Name)
        {
            Credential = secrets is null || IntegrationLogin.IsOf(integration) ? null : CredentialOf(integration.Config, secrets),
            Login = secrets is null ? null : IntegrationLogin.Of(integration, secrets),
            IsPlainHttp = host.IsPlainHttp,
            Trust = new RegistryTrust(skipsVerification, integration.CertificateAuthority),
            Mirror = integration.Mirror,
            Stamp = stamp,
            Problem = problem,
        };
    }

    private static RegistryCredential? CredentialOf(IntegrationConfig? config, IntegrationSecrets secrets) =>
        UsernameOf(config, secrets.Fields) is { Length: > 0 } username ? new RegistryCredential(username, secrets[PasswordOf(config)]) : null;

    private static string UsernameOf(IntegrationConfig? config, IReadOnlyCollection<SecretField> secrets) => config switch
    {
        DockerConfig docker => docker.Username,
        AzureConfig azure => azure.Username,
        QuayConfig { RobotUsername: { } robot } => robot,
        // https://docs.quay.io/glossary/access-token.html
        QuayConfig when secrets.Contains(SecretField.OauthToken) => "$oauthtoken",
        EcrConfig { AuthorizationData: { } data } => data.Username,
        // https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
        GoogleConfig => "_json_key",
        // https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
        IbmConfig => "iamapikey",
        _ => "",
    };

    private static SecretField PasswordOf(IntegrationConfig? config) => config switch
    {
        QuayConfig { RobotUsername: not null } => SecretField.RobotPassword,
        QuayConfig => SecretField.OauthToken,
        EcrConfig => SecretField.AuthorizationPassword,
        GoogleConfig => SecretField.ServiceAccount,
        IbmConfig => SecretField.ApiKey,
        _ => SecretField.Password,
    };

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/google/google.go: a registry of Google's has the repositories of one project.
    private static bool IsOfProject(IntegrationConfig? config, string repository) =>
        config is not GoogleConfig google || string.Equals(repository.Split('/')[0], google.Project, StringComparison.OrdinalIgnoreCase);
}
