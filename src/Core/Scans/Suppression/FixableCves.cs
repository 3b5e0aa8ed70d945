using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>Which CVEs have a fix in the stored images that a scope means.</summary>
public sealed class FixableCves(ScanStore scans)
{
    /// <summary>
    /// Those of the CVEs that have a fix in some image that the scope means, under any of its names. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task<IReadOnlySet<string>> InAsync(ExceptionScope scope, IReadOnlyList<string> cves, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [.. cves];
        var fixable = new HashSet<string>(StringComparer.Ordinal);
        foreach (ListedImage image in await scans.ListAsync(cancellationToken))
        {
            if (fixable.Count < wanted.Count
                && image.Summary.FixableCves > 0
                && image.OtherNames.Prepend(image.Name).Any(name => IsMeant(scope, name))
                && Digest.TryParse(image.Id, out Digest? id)
                && await scans.FindAsync(id, cancellationToken) is { } scan)
            {
                fixable.UnionWith(scan.Match.Packages.SelectMany(package => package.Findings)
                    .Where(finding => !string.IsNullOrEmpty(finding.FixedBy) && wanted.Contains(finding.Cve))
                    .Select(finding => finding.Cve));
            }
        }

        return fixable;
    }

    private static bool IsMeant(ExceptionScope scope, string fullName) =>
        scope.Plain() == ExceptionScope.AllImages || (ImageReference.TryParse(fullName, out ImageReference? name, out _) && scope.Means(name));
}
