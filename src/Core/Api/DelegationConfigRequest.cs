using System.Text;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>v1.DelegatedRegistryConfig</c> as a request
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/delegated_registry_config_service.proto).
/// </summary>
public static class DelegationConfigRequest
{
    /// <summary>The most registries that are kept; our own bound, StackRox has none.</summary>
    public const int MaxRegistries = 500;

    /// <summary>The most bytes of all paths and ids together; our own bound.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>
    /// Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does, and for more than is kept.
    /// </summary>
    public static DelegationConfig Of(RequestBody body)
    {
        var config = new DelegationConfig
        {
            EnabledFor = body.Choice<DelegatedImages>("enabledFor", "v1.DelegatedRegistryConfig_EnabledFor"),
            DefaultClusterId = body.Text("defaultClusterId"),
            Registries = [.. body.Messages("registries").Select(registry => new DelegatedRegistry(registry.Text("path"), registry.Text("clusterId")))],
        };
        int bytes = Encoding.UTF8.GetByteCount(config.DefaultClusterId)
            + config.Registries.Sum(registry => Encoding.UTF8.GetByteCount(registry.Path) + Encoding.UTF8.GetByteCount(registry.ClusterId));
        return config.Registries.Count <= MaxRegistries && bytes <= MaxBytes
            ? config
            : throw Refusals.DelegationConfigWrong([$"at most {MaxRegistries} registries and {MaxBytes} bytes of paths and cluster ids are kept"]);
    }
}
