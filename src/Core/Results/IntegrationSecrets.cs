using System.Diagnostics;

namespace ImageScan.Core.Results;

/// <summary>
/// The secrets of an integration by field, those that StackRox masks (<c>scrub:"always"</c>). Kept by themselves, so that all else of an integration
/// can be compared, written and logged. Prints nothing of them.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IntegrationSecrets
{
    /// <summary>
    /// What stands for a secret in answers, whether there is one or not (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/secrets/scrub.go).
    /// </summary>
    public const string Mask = "******";

    private readonly Dictionary<SecretField, string> _texts;

    /// <param name="texts">The secrets; empty ones are none.</param>
    public IntegrationSecrets(IEnumerable<KeyValuePair<SecretField, string>> texts) =>
        _texts = texts.Where(text => text.Value.Length > 0).ToDictionary();

    public static IntegrationSecrets None { get; } = new([]);

    public IReadOnlyCollection<SecretField> Fields => _texts.Keys;

    /// <summary>The secret; "" if there is none.</summary>
    public string this[SecretField field] => _texts.GetValueOrDefault(field, "");

    public override string ToString() => $"secrets: {_texts.Count}";
}

/// <summary>Where a secret belongs. The names are kept in storage.</summary>
public enum SecretField
{
    /// <summary><c>docker.password</c>, <c>azure.password</c>.</summary>
    Password,

    /// <summary><c>quay.oauthToken</c>.</summary>
    OauthToken,

    /// <summary><c>quay.registryRobotCredentials.password</c>.</summary>
    RobotPassword,

    /// <summary><c>ecr.accessKeyId</c>.</summary>
    AccessKeyId,

    /// <summary><c>ecr.secretAccessKey</c>.</summary>
    SecretAccessKey,

    /// <summary><c>ecr.authorizationData.password</c>.</summary>
    AuthorizationPassword,

    /// <summary><c>google.serviceAccount</c>.</summary>
    ServiceAccount,

    /// <summary><c>ibm.apiKey</c>.</summary>
    ApiKey,
}
