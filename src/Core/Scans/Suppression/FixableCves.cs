using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>Which CVEs have a fix in the stored images that a scope means.</summary>
public sealed class FixableCves(TermStore terms, ImageList images)
{
    /// <summary>Whether the CVE has a fix in an image that the scope means, under any of its names. Throws <see cref="StorageException"/>.</summary>
    public async Task<bool> HasFixAsync(ExceptionScope scope, string cve, CancellationToken cancellationToken)
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
