using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// What each kind of registry needs, in StackRox's words: <c>pkg/registries/*/*.go</c> of https://github.com/stackrox/stackrox/tree/4.5.0, which says the
/// same when it makes a client of an integration.
/// </summary>
internal static class RegistryChecks
{
    /// <summary>Why no registry can be made of an integration; null if one can.</summary>
    public static string? ReasonAgainst(ImageIntegration integration)
    {
        string? reason = integration.Type switch
        {
            IntegrationTypes.Docker or IntegrationTypes.Artifactory or IntegrationTypes.Nexus or IntegrationTypes.RedHat =>
                integration.Config is DockerConfig ? null : "Docker configuration required",
            // https://github.com/stackrox/stackrox/blob/4.7.0/pkg/registries/azure/azure.go; 4.5 takes only the form of docker.
            IntegrationTypes.Azure => integration.Config switch
            {
                DockerConfig => null,
                AzureConfig azure => ReasonAgainst(azure, integration.Secrets),
                _ => "azure container registry or docker configuration required",
            },
            IntegrationTypes.Quay => integration.Config is QuayConfig quay
                ? ReasonAgainst(quay, integration.Categories, integration.Secrets)
                : "Quay config must be specified",
            IntegrationTypes.Ecr => integration.Config is EcrConfig ecr ? ReasonAgainst(ecr, integration.Secrets) : "ECR configuration required",
            IntegrationTypes.Google or IntegrationTypes.ArtifactRegistry =>
                integration.Config is GoogleConfig google ? ReasonAgainst(google, integration.Secrets) : "Google configuration required",
            IntegrationTypes.Ibm => integration.Config is IbmConfig ibm ? ReasonAgainst(ibm, integration.Secrets) : "IBM configuration required",
            _ => $"registry with type '{HostileText.Plain(integration.Type)}' does not exist",
        };
        return reason ?? (IntegrationHost.Of(integration) is null ? "the endpoint must be a host with an optional port" : null);
    }

    private static string? ReasonAgainst(QuayConfig quay, IReadOnlyList<IntegrationCategory> categories, IntegrationSecrets secrets)
    {
        bool hasToken = secrets[SecretField.OauthToken].Length > 0;
        bool isRegistryOnly = categories is [IntegrationCategory.Registry];
        return quay switch
        {
            { Endpoint: "" } => "Quay endpoint must be specified",
            { RobotUsername: not null } when isRegistryOnly && hasToken =>
                "Quay registry integration should use robot credentials or OAuth token but not both",
            { RobotUsername: not null } when !isRegistryOnly && !hasToken => "Quay scanner integration cannot use robot credentials",
            { RobotUsername: { } robot } when robot.Length == 0 || secrets[SecretField.RobotPassword].Length == 0 =>
                "Both username and password must be provided when using Quay robot credentials",
            _ => null,
        };
    }

    private static string? ReasonAgainst(EcrConfig ecr, IntegrationSecrets secrets)
    {
        var reasons = new List<string>();
        AddIf(ecr.RegistryId.Length == 0, "Registry ID must be specified");
        if (ecr.AuthorizationData is { } data && !ImageIntegrationChecks.HasKeysOrRole(ecr, secrets))
        {
            AddIf(data.Username.Length == 0, "Username must be specified in authorization data.");
            AddIf(secrets[SecretField.AuthorizationPassword].Length == 0, "Password must be specified in authorization data.");
            AddIf(data.ExpiresAt is null, "Expires At must be specified in authorization data.");
        }
        else
        {
            AddIf(!ecr.UseIam && secrets[SecretField.AccessKeyId].Length == 0, "Access Key ID must be specified if not using IAM");
            AddIf(!ecr.UseIam && secrets[SecretField.SecretAccessKey].Length == 0, "Secret Access Key must be specified if not using IAM");
            AddIf(ecr.UseAssumeRole && ecr.Endpoint.Length > 0, "AssumeRole cannot be done with an endpoint defined");
            AddIf(ecr.UseAssumeRole && ecr.AssumeRoleId.Length == 0, "AssumeRole ID must be set to use AssumeRole");
        }

        AddIf(ecr.Region.Length == 0, "Region must be specified");
        return reasons.Count > 0 ? ImageIntegrationChecks.ListOf("ECR Validation", reasons) : null;

        void AddIf(bool isWrong, string reason)
        {
            if (isWrong)
            {
                reasons.Add(reason);
            }
        }
    }

    private static string? ReasonAgainst(GoogleConfig google, IntegrationSecrets secrets)
    {
        string[] reasons =
        [
            .. google.Endpoint.Length == 0 ? ["Endpoint must be specified for Google registry (e.g. gcr.io, us.gcr.io, eu.gcr.io)"] : (string[])[],
            .. !google.WifEnabled && secrets[SecretField.ServiceAccount].Length == 0 ? ["Service account must be specified for Google registry"] : (string[])[],
        ];
        return reasons.Length > 0 ? ImageIntegrationChecks.ListOf("Google Validation", reasons) : null;
    }

    private static string? ReasonAgainst(IbmConfig ibm, IntegrationSecrets secrets)
    {
        string[] reasons =
        [
            .. ibm.Endpoint.Length == 0 ? ["Endpoint must be specified for IBM registry (e.g. us.icr.io)"] : (string[])[],
            .. secrets[SecretField.ApiKey].Length == 0 ? ["IAM API Key must be specified for IBM registry"] : (string[])[],
        ];
        return reasons.Length > 0 ? ImageIntegrationChecks.ListOf("IBM Validation", reasons) : null;
    }

    private static string? ReasonAgainst(AzureConfig azure, IntegrationSecrets secrets)
    {
        string[] reasons =
        [
            .. azure.Endpoint.Length == 0 ? ["endpoint must be specified for Azure container registry (e.g. <registry>.azurecr.io)"] : (string[])[],
            .. !azure.WifEnabled && secrets[SecretField.Password].Length == 0
                ? ["password or workload identity must be specified for Azure container registry"]
                : (string[])[],
        ];
        return reasons.Length > 0 ? ImageIntegrationChecks.ListOf("azure container registry validation", reasons) : null;
    }
}
