using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// Whether kept secrets may be used with what a request says: only where they went before. In the words of StackRox
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/secrets/reconcile.go), which name fields of its Go types; beyond those that it compares
/// (<c>scrub:"dependent"</c>) also type, certificates, mirror, the parts of ECR's host and the role that is taken count.
/// </summary>
internal static class IntegrationReconciliation
{
    private const string Root = "ImageIntegration";

    /// <summary>Throws <see cref="ImageIntegrationRefusedException"/> if they may not, or the request has secrets of its own.</summary>
    public static void EnsureSamePlace(ImageIntegration wanted, ImageIntegration kept)
    {
        if (wanted.Config is null)
        {
            throw ImageIntegrationChecks.Wrong("the request doesn't have a valid integration config type");
        }

        if (wanted.Config.GetType() != kept.Config?.GetType())
        {
            throw ImageIntegrationChecks.Wrong($"type not equal: '{GoTypeOf(wanted.Config)}' != '{GoTypeOf(kept.Config)}'");
        }

        foreach (SecretField field in wanted.Secrets.Fields.Where(field => wanted.Secrets[field] != IntegrationSecrets.Mask))
        {
            throw ImageIntegrationChecks.Wrong($"non-zero or unmasked credential field '{PathOf(wanted.Config)}.{GoNameOf(field)}'");
        }

        EnsureSameParts(wanted.Config, kept.Config);
        foreach ((string path, bool isSame) in Compared(wanted, kept).Where(field => !field.IsSame))
        {
            throw ImageIntegrationChecks.Wrong($"credentials required to update field '{path}'");
        }
    }

    // Parts of messages that are there in one only.
    private static void EnsureSameParts(IntegrationConfig wanted, IntegrationConfig kept)
    {
        (bool Wanted, bool Kept, string Name)? part = (wanted, kept) switch
        {
            (QuayConfig a, QuayConfig b) => (a.RobotUsername is not null, b.RobotUsername is not null, "RegistryRobotCredentials"),
            (EcrConfig a, EcrConfig b) => (a.AuthorizationData is not null, b.AuthorizationData is not null, "AuthorizationData"),
            _ => null,
        };
        if (part is { Wanted: false, Kept: true })
        {
            throw ImageIntegrationChecks.Wrong($"non-nil existing field '{PathOf(wanted)}.{part.Value.Name}'");
        }

        if (part is { Wanted: true, Kept: false })
        {
            throw ImageIntegrationChecks.Wrong("invalid input");
        }
    }

    private static IEnumerable<(string Path, bool IsSame)> Compared(ImageIntegration wanted, ImageIntegration kept)
    {
        string path = PathOf(wanted.Config!);
        IEnumerable<(string, bool)> ofConfig = (wanted.Config, kept.Config) switch
        {
            (DockerConfig a, DockerConfig b) =>
                [("Endpoint", a.Endpoint == b.Endpoint), ("Username", a.Username == b.Username), ("Insecure", a.Insecure == b.Insecure)],
            (QuayConfig a, QuayConfig b) =>
            [
                ("Endpoint", a.Endpoint == b.Endpoint), ("Insecure", a.Insecure == b.Insecure),
                ("QuayConfig_RobotAccount.Username", a.RobotUsername == b.RobotUsername),
            ],
            (EcrConfig a, EcrConfig b) =>
            [
                ("RegistryId", a.RegistryId == b.RegistryId), ("Region", a.Region == b.Region), ("UseIam", a.UseIam == b.UseIam),
                ("Endpoint", a.Endpoint == b.Endpoint), ("UseAssumeRole", a.UseAssumeRole == b.UseAssumeRole),
                ("AssumeRoleId", a.AssumeRoleId == b.AssumeRoleId), ("AssumeRoleExternalId", a.AssumeRoleExternalId == b.AssumeRoleExternalId),
            ],
            (GoogleConfig a, GoogleConfig b) => [("Endpoint", a.Endpoint == b.Endpoint)],
            (IbmConfig a, IbmConfig b) => [("Endpoint", a.Endpoint == b.Endpoint)],
            (AzureConfig a, AzureConfig b) =>
                [("Endpoint", a.Endpoint == b.Endpoint), ("Username", a.Username == b.Username), ("WifEnabled", a.WifEnabled == b.WifEnabled)],
            _ => [],
        };
        return
        [
            ($"{Root}.Type", wanted.Type == kept.Type),
            .. ofConfig.Select(field => ($"{path}.{field.Item1}", field.Item2)),
            ($"{Root}.Mirror", wanted.Mirror == kept.Mirror),
            ($"{Root}.CertificateAuthority", wanted.CertificateAuthority == kept.CertificateAuthority),
        ];
    }

    private static string PathOf(IntegrationConfig config) => $"{Root}.{GoTypeOf(config)["storage.".Length..]}.{GoMessageOf(config)}";

    private static string GoTypeOf(IntegrationConfig? config) => config switch
    {
        null => "<nil>",
        EcrConfig => "storage.ImageIntegration_Ecr",
        _ => $"storage.ImageIntegration_{config.GetType().Name[..^"Config".Length]}",
    };

    private static string GoMessageOf(IntegrationConfig config) => config switch
    {
        EcrConfig => "ECRConfig",
        IbmConfig => "IBMRegistryConfig",
        _ => config.GetType().Name,
    };

    private static string GoNameOf(SecretField field) => field switch
    {
        SecretField.RobotPassword => "QuayConfig_RobotAccount.Password",
        SecretField.AuthorizationPassword => "ECRConfig_AuthorizationData.Password",
        _ => $"{field}",
    };
}
