using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Answers what is asked of delegated scanning, as StackRox's DelegatedRegistryConfigService does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/service/service.go).
/// </summary>
public sealed class DelegationApi(DelegationStore store, ClusterStore clusters, ScanDelegation delegation, ApiSettings settings) : IApiHandlers
{
    // https://github.com/stackrox/stackrox/blob/4.8.0/pkg/images/enricher/enricher_impl.go
    private const ApiLevel FirstToScanWithoutCluster = (ApiLevel)408;

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetDelegationConfig] = (_, cancellationToken) => GetConfigAsync(cancellationToken),
        [Operations.PutDelegationConfig] = PutConfigAsync,
        [Operations.ListDelegationClusters] = (_, cancellationToken) => ListClustersAsync(cancellationToken),
    };

    /// <summary>The cluster that a request names; null if it names none. Throws <see cref="DelegationException"/> if there is no such.</summary>
    public async Task<Cluster?> NamedAsync(string idOrName, CancellationToken cancellationToken) =>
        idOrName.Length > 0 ? await delegation.NamedAsync(idOrName, cancellationToken) : null;

    /// <summary>
    /// Where an image is scanned: in the cluster that the request names, or else where the configuration says. Throws
    /// <see cref="DelegationException"/> if that is a cluster which cannot be asked now.
    /// </summary>
    public async Task<ScanPlace> PlaceOfAsync(Cluster? named, ImageReference image, CancellationToken cancellationToken)
    {
        try
        {
            return new ScanPlace(named is null ? await delegation.ConfiguredAsync(image, cancellationToken) : delegation.Reachable(named));
        }
        catch (DelegationException none) when (none.Failure == DelegationFailure.NoClusterNamed && settings.Level >= FirstToScanWithoutCluster)
        {
            return new ScanPlace(Cluster: null, LacksCluster: true);
        }
    }

    /// <summary>The configuration; the empty one if none was ever put.</summary>
    public async Task<ApiResult> GetConfigAsync(CancellationToken cancellationToken) =>
        ApiResult.Json(Wire(await store.FindAsync(cancellationToken)));

    /// <summary>Puts a configuration in the place of the one before, and answers with it. Throws <see cref="ApiException"/> with code 3.</summary>
    public async Task<ApiResult> PutConfigAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DelegationConfig config = DelegationConfigRequest.Of(await RequestBody.ReadAsync(context.Request, cancellationToken));
        AuditNotes.Add(
            context,
            $"enabled for {config.EnabledFor}, default cluster {HostileText.Quote(config.DefaultClusterId)}, "
                + string.Join(", ", config.Registries.Select(registry => $"{HostileText.Quote(registry.Path)} in {HostileText.Quote(registry.ClusterId)}")));
        IReadOnlyList<Cluster> known = await clusters.ListAsync(cancellationToken);
        if (ReasonsAgainst(config, known.Where(delegation.IsValid).Select(cluster => cluster.Id).ToHashSet()) is [_, ..] reasons)
        {
            throw Refusals.DelegationConfigWrong(reasons);
        }

        await store.SaveAsync(config, cancellationToken);
        return ApiResult.Json(Wire(config));
    }

    /// <summary>Every cluster, and whether scans can be given to it now. Throws <see cref="ApiException"/> with code 5 if there is none.</summary>
    public async Task<ApiResult> ListClustersAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Cluster> known = await clusters.ListAsync(cancellationToken);
        return known.Count > 0
            ? ApiResult.Json(new WireDelegationClusters(
                [.. known.Select(cluster => new WireDelegationCluster(cluster.Id, cluster.Name, delegation.IsValid(cluster)))]))
            : throw Refusals.NoClusters();
    }

    /// <summary>Why a configuration cannot be, in StackRox's words; empty if it can. One that delegates nothing may say what it likes.</summary>
    internal static IReadOnlyList<string> ReasonsAgainst(DelegationConfig config, IReadOnlySet<string> validIds)
    {
        if (config.EnabledFor == DelegatedImages.None)
        {
            return [];
        }

        bool IsWrong(string id) => id.Length > 0 && !validIds.Contains(id);
        var reasons = new List<string>();
        if (IsWrong(config.DefaultClusterId))
        {
            reasons.Add($"default cluster {HostileText.Quote(config.DefaultClusterId)} is not valid");
        }

        foreach (DelegatedRegistry registry in config.Registries)
        {
            if (IsWrong(registry.ClusterId))
            {
                reasons.Add($"cluster {HostileText.Quote(registry.ClusterId)} is not valid");
            }

            if (registry.Path.Length == 0)
            {
                reasons.Add("missing registry path");
            }
        }

        return reasons;
    }

    private static WireDelegationConfig Wire(DelegationConfig config) => new()
    {
        EnabledFor = (WireEnabledFor)config.EnabledFor,
        DefaultClusterId = config.DefaultClusterId,
        Registries = [.. config.Registries.Select(registry => new WireDelegatedRegistry(registry.Path, registry.ClusterId))],
    };
}
