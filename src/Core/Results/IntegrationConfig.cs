using System.Text.Json.Serialization;

namespace ImageScan.Core.Results;

/// <summary>
/// How an integration is reached: one of StackRox's forms, without its secrets
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image_integration.proto).
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ClairifyConfig), "clairify")]
[JsonDerivedType(typeof(ScannerV4Config), "scannerV4")]
[JsonDerivedType(typeof(DockerConfig), "docker")]
[JsonDerivedType(typeof(QuayConfig), "quay")]
[JsonDerivedType(typeof(EcrConfig), "ecr")]
[JsonDerivedType(typeof(GoogleConfig), "google")]
[JsonDerivedType(typeof(ClairConfig), "clair")]
[JsonDerivedType(typeof(ClairV4Config), "clairV4")]
[JsonDerivedType(typeof(IbmConfig), "ibm")]
[JsonDerivedType(typeof(AzureConfig), "azure")]
public abstract record IntegrationConfig
{
    /// <summary>Every address in it that StackRox checks (<c>validate:"nolocalendpoint"</c>), those that are empty too.</summary>
    internal abstract IReadOnlyList<string> Endpoints { get; }
}

public sealed record ClairifyConfig(string Endpoint, string GrpcEndpoint, int NumConcurrentScans) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint, GrpcEndpoint];
}

public sealed record ScannerV4Config(int NumConcurrentScans, string IndexerEndpoint, string MatcherEndpoint) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [];
}

public sealed record DockerConfig(string Endpoint, string Username, bool Insecure) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

/// <param name="Endpoint">Its host.</param>
/// <param name="Insecure">Whether any certificate will do.</param>
/// <param name="RobotUsername">The robot that reads images; null without one.</param>
public sealed record QuayConfig(string Endpoint, bool Insecure, string? RobotUsername) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

public sealed record EcrConfig : IntegrationConfig
{
    public string RegistryId { get; init; } = "";

    public string Region { get; init; } = "";

    public bool UseIam { get; init; }

    public string Endpoint { get; init; } = "";

    public bool UseAssumeRole { get; init; }

    public string AssumeRoleId { get; init; } = "";

    public string AssumeRoleExternalId { get; init; } = "";

    /// <summary>A login that somebody else has got from AWS; null without one.</summary>
    public EcrAuthorization? AuthorizationData { get; init; }

    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

/// <summary><c>storage.ECRConfig.AuthorizationData</c>, without its password.</summary>
public sealed record EcrAuthorization(string Username, DateTimeOffset? ExpiresAt);

public sealed record GoogleConfig(string Endpoint, string Project, bool WifEnabled) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

public sealed record ClairConfig(string Endpoint, bool Insecure) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

public sealed record ClairV4Config(string Endpoint, bool Insecure) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

public sealed record IbmConfig(string Endpoint) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}

public sealed record AzureConfig(string Endpoint, string Username, bool WifEnabled) : IntegrationConfig
{
    internal override IReadOnlyList<string> Endpoints => [Endpoint];
}
