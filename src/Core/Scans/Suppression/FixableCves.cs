using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>Which CVEs have a fix in the stored images that a scope means.</summary>
public sealed class FixableCves(TermStore terms, ImageList images)
{
    /// <summary>
    /// Those of the CVEs that have a fix in some image that the scope means, under any of its names. Throws <see cref="StorageException"/>.
    /// </summary>
    public async Task<IReadOnlySet<string>> InAsync(ExceptionScope scope, IReadOnlyList<string> cves, CancellationToken cancellationToken)
    {
        var fixable = new HashSet<string>(StringComparer.Ordinal);
        foreach (string cve in cves)
        {
            if (await IsFixableAsync(scope, cve, cancellationToken))
            {
                fixable.Add(cve);
            }
        }

        return fixable;
    }

    private async Task<bool> IsFixableAsync(ExceptionScope scope, string cve, CancellationToken cancellationToken)
    {
        await foreach (FoundTerm found in terms.FindAsync(TermKind.Cve, cve, isWhole: true, cancellationToken))
        {
            if (found.Occurrences.Any(occurrence => occurrence.Cve == cve && occurrence.Kind is { IsFixable: true })
                && await images.FindAsync(found.Image, cancellationToken) is { } image
                && image.OtherNames.Prepend(image.Name).Any(name => IsMeant(scope, name)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMeant(ExceptionScope scope, string fullName) =>
        scope.Plain() == ExceptionScope.AllImages || (ImageReference.TryParse(fullName, out ImageReference? name, out _) && scope.Means(name));
}
