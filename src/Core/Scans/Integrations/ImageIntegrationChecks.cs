using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// What an integration must be, in the words of StackRox, whose error classes add themselves to the end of a message
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/imageintegration/service/service_impl.go). Every method throws
/// <see cref="ImageIntegrationRefusedException"/>.
/// </summary>
public sealed class ImageIntegrationChecks(IReadOnlyList<RegistrySettings> registries, RegistryClientSettings client)
{
    /// <summary>The most integrations that are kept; our own bound, as all here.</summary>
    public const int MaxIntegrations = 500;

    private const int MaxNameCharacters = 256;
    private const int MaxTextCharacters = 1_000;
    private const int MaxSecretBytes = 16 * 1024;
    private const int MaxCategories = 3;

    public static ImageIntegrationRefusedException Wrong(string message) => new(ImageIntegrationRefusal.Wrong, $"{message}: invalid arguments");

    public static ImageIntegrationRefusedException Unknown(string id) =>
        new(ImageIntegrationRefusal.Unknown, $"image integration {HostileText.Quote(id)} not found: not found");

    /// <summary>Throws if an integration cannot be, whatever is kept.</summary>
    public void EnsureValid(ImageIntegration wanted, IntegrationSet set)
    {
        var reasons = new List<string>();
        if (wanted.Config?.Endpoints.Select(ReasonAgainst).FirstOrDefault(reason => reason is not null) is { } unreachable)
        {
            reasons.Add($"invalid endpoint: {unreachable}");
        }

        if (wanted.Categories.Count == 0)
        {
            reasons.Add("integrations require a category");
        }

        reasons.AddRange(OwnReasonsAgainst(wanted));
        if (wanted.Name.Length == 0)
        {
            reasons.Add("name for integration is required");
        }
        else if (IsTaken(wanted, set))
        {
            reasons.Add(AlreadyExists(wanted));
        }

        if (reasons.Count > 0)
        {
            throw Wrong(ListOf("Validation", reasons));
        }
    }

    /// <summary>Throws if it is to be a registry and none can be made of it with the secrets that it has.</summary>
    public static void EnsureRegistry(ImageIntegration integration)
    {
        if (integration.Categories.Contains(IntegrationCategory.Registry) && RegistryChecks.ReasonAgainst(integration) is { } reason)
        {
            throw Wrong($"registry integration: {reason}: invalid arguments");
        }
    }

    public static void EnsureNameIsFree(ImageIntegration wanted, IntegrationSet set)
    {
        if (IsTaken(wanted, set))
        {
            throw Wrong(ListOf("Validation", [AlreadyExists(wanted)]));
        }
    }

    public static void EnsureRoom(int kept)
    {
        if (kept >= MaxIntegrations)
        {
            throw Wrong($"at most {MaxIntegrations} integrations are kept");
        }
    }

    /// <summary>Whether it is the scanner that is there from the start.</summary>
    public static bool IsScannerV4(ImageIntegration integration) => integration.Type == IntegrationTypes.ScannerV4;

    /// <summary>Throws if it was the scanner and would be something else, or the other way round.</summary>
    public static void EnsureStaysScanner(ImageIntegration wanted, ImageIntegration before)
    {
        if (wanted.Type != before.Type && (IsScannerV4(wanted) || IsScannerV4(before)))
        {
            throw Wrong("cannot change integration type to/from scanner V4");
        }
    }

    /// <summary>
    /// The secrets, if none of them is what answers show in their place. StackRox keeps the mask as if it were one; whoever sends back what was answered
    /// would lose the secret.
    /// </summary>
    public static IntegrationSecrets WithoutMasks(IntegrationSecrets secrets) => secrets.Fields.All(field => secrets[field] != IntegrationSecrets.Mask)
        ? secrets
        : throw Wrong($"{IntegrationSecrets.Mask} stands for a secret and is none: send the secret, or PATCH with updatePassword false to keep it");

    /// <summary>The integration as it is kept: categories in order, and of ECR's ways to log in only the one that counts, as StackRox does.</summary>
    internal static ImageIntegration Normalized(ImageIntegration integration)
    {
        integration = integration with { Categories = [.. integration.Categories.Order()] };
        return integration.Config is EcrConfig ecr && HasKeysOrRole(ecr, integration.Secrets)
            ? integration with
            {
                Config = ecr with { AuthorizationData = null },
                Secrets = new IntegrationSecrets(
                    integration.Secrets.Fields.Where(field => field != SecretField.AuthorizationPassword)
                        .Select(field => KeyValuePair.Create(field, integration.Secrets[field]))),
            }
            : integration;
    }

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/ecr/ecr.go
    internal static bool HasKeysOrRole(EcrConfig ecr, IntegrationSecrets secrets) =>
        ecr.UseIam || ecr.UseAssumeRole || secrets[SecretField.AccessKeyId].Length > 0 || secrets[SecretField.SecretAccessKey].Length > 0;

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/errorhelpers/format.go
    internal static string ListOf(string start, IReadOnlyList<string> reasons) =>
        reasons.Count == 1 ? $"{start} error: {reasons[0]}" : $"{start} errors: [{string.Join(", ", reasons)}]";

    // Registries on this machine are for the operator to allow: by name, or by running here for people here.
    private string? ReasonAgainst(string endpoint)
    {
        string? reason = IntegrationHost.ReasonAgainst(endpoint);
        bool isAllowed = client.AllowLoopbackRegistries
            || registries.Any(registry => string.Equals(registry.Host, IntegrationHost.Of(endpoint)?.Name, StringComparison.OrdinalIgnoreCase));
        return reason?.EndsWith("localhost", StringComparison.Ordinal) == true && isAllowed ? null : reason;
    }

    private static IEnumerable<string> OwnReasonsAgainst(ImageIntegration wanted)
    {
        if (wanted.Name.Length > MaxNameCharacters)
        {
            yield return $"name cannot be longer than {MaxNameCharacters} characters";
        }

        if (wanted.Categories.Count > MaxCategories || wanted.Categories.Distinct().Count() != wanted.Categories.Count)
        {
            yield return "no category can be there twice";
        }

        string[] texts =
        [
            wanted.Id, wanted.Type, wanted.ClusterId, wanted.Mirror, wanted.Source?.ClusterId ?? "", wanted.Source?.Namespace ?? "",
            wanted.Source?.ImagePullSecretName ?? "", .. TextsOf(wanted.Config),
        ];
        if (texts.Any(text => text.Length > MaxTextCharacters))
        {
            yield return $"no field can be longer than {MaxTextCharacters} characters";
        }

        if (wanted.Secrets.Fields.Any(field => Encoding.UTF8.GetByteCount(wanted.Secrets[field]) > MaxSecretBytes))
        {
            yield return $"no credential can be longer than {MaxSecretBytes} bytes";
        }

        if (wanted.Mirror.Length > 0 && !ImageReference.IsMirror(wanted.Mirror))
        {
            yield return "mirror must be a host with an optional port and an optional prefix of repositories, host[/prefix]";
        }

        if (ReasonAgainstAuthorities(wanted.CertificateAuthority) is { } reason)
        {
            yield return $"certificateAuthority: {reason}";
        }
    }

    private static IEnumerable<string> TextsOf(IntegrationConfig? config) => config switch
    {
        null => [],
        DockerConfig docker => [docker.Username, .. docker.Endpoints],
        AzureConfig azure => [azure.Username, .. azure.Endpoints],
        QuayConfig quay => [quay.RobotUsername ?? "", .. quay.Endpoints],
        GoogleConfig google => [google.Project, .. google.Endpoints],
        ScannerV4Config scanner => [scanner.IndexerEndpoint, scanner.MatcherEndpoint],
        EcrConfig ecr => [ecr.RegistryId, ecr.Region, ecr.Endpoint, ecr.AssumeRoleId, ecr.AssumeRoleExternalId, ecr.AuthorizationData?.Username ?? ""],
        _ => config.Endpoints,
    };

    private static string? ReasonAgainstAuthorities(string pem)
    {
        if (pem.Length == 0)
        {
            return null;
        }

        try
        {
            foreach (var certificate in RegistryTrust.ReadAuthorities(pem))
            {
                certificate.Dispose();
            }

            return null;
        }
        catch (FormatException unreadable)
        {
            return unreadable.Message;
        }
    }

    private static bool IsTaken(ImageIntegration wanted, IntegrationSet set) => set.All.Any(other => other.Name == wanted.Name && other.Id != wanted.Id);

    private static string AlreadyExists(ImageIntegration wanted) => $"integration with name {HostileText.Quote(wanted.Name)} already exists";
}
