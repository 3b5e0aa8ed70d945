using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>Where a caller's scan is done.</summary>
/// <param name="Cluster">The cluster that does it; null for this deployment.</param>
/// <param name="LacksCluster">Whether it is done here only because no cluster is named for what the configuration delegates.</param>
public sealed record ScanPlace(Cluster? Cluster, bool LacksCluster = false)
{
    /// <summary>The cluster's name; "" for this deployment.</summary>
    public string ClusterName => Cluster?.Name ?? "";

    /// <summary>What a caller is told when the scan has failed there.</summary>
    /// <param name="image">The image.</param>
    /// <param name="error">What a caller of this deployment would be told.</param>
    public ApiException ErrorOf(ImageReference image, ApiException error) => this switch
    {
        { Cluster: { } cluster } => Refusals.DelegatedScanFailed(cluster, image, error),
        { LacksCluster: true } => Refusals.NotDelegatedAndFailed(error),
        _ => error,
    };
}
