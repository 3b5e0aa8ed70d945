using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>v1.DelegatedRegistryConfig</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/delegated_registry_config_service.proto).
/// </summary>
public sealed record WireDelegationConfig
{
    public WireEnabledFor EnabledFor { get; init; }

    public string DefaultClusterId { get; init; } = "";

    public IReadOnlyList<WireDelegatedRegistry> Registries { get; init; } = [];
}

/// <summary><c>v1.DelegatedRegistryConfig.DelegatedRegistry</c>.</summary>
public sealed record WireDelegatedRegistry(string Path, string ClusterId);

/// <summary><c>v1.DelegatedRegistryClustersResponse</c>.</summary>
public sealed record WireDelegationClusters(IReadOnlyList<WireDelegationCluster> Clusters);

/// <summary><c>v1.DelegatedRegistryCluster</c>.</summary>
public sealed record WireDelegationCluster(string Id, string Name, bool IsValid);

/// <summary><c>v1.DelegatedRegistryConfig.EnabledFor</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireEnabledFor>))]
public enum WireEnabledFor
{
    None,
    All,
    Specific,
}
