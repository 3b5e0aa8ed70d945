using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Clusters;

/// <summary>
/// Which cluster scans an image, as StackRox decides it
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/delegator/delegator.go).
/// </summary>
public static class DelegationRules
{
    /// <summary>
    /// The cluster that a caller means; null if there is none. Ids come first, since a cluster may have another's id for its name; names are
    /// compared as they are written (https://github.com/stackrox/stackrox/blob/4.5.0/central/cluster/util/util.go).
    /// </summary>
    public static Cluster? Find(IReadOnlyList<Cluster> clusters, string idOrName) =>
        clusters.FirstOrDefault(cluster => cluster.Id == idOrName) ?? clusters.FirstOrDefault(cluster => cluster.Name == idOrName);

    /// <summary>
    /// The id of the cluster that the configuration gives the image to: null if it is scanned here, "" if it is to be delegated and no cluster is
    /// named. The first path that begins the name counts, not the longest, and it may end within a part of the name.
    /// </summary>
    public static string? ClusterIdOf(DelegationConfig config, ImageReference image)
    {
        if (config.EnabledFor == DelegatedImages.None)
        {
            return null;
        }

        DelegatedRegistry? first = config.Registries.FirstOrDefault(
            registry => image.FullName.StartsWith(WithoutScheme(registry.Path), StringComparison.Ordinal));
        return first switch
        {
            { ClusterId.Length: > 0 } => first.ClusterId,
            null when config.EnabledFor == DelegatedImages.Specific => null,
            _ => config.DefaultClusterId,
        };
    }

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/urlfmt/urlfmt.go
    private static string WithoutScheme(string path) => Without("http://", Without("https://", path));

    private static string Without(string prefix, string text) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}
