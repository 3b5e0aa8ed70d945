using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>Which CVEs have a fix in the stored images that a scope means.</summary>
public sealed class FixableCves(ImageSearch images, TimeProvider time)
{
    /// <summary>Whether the CVE has a fix in an image that the scope means, under any of its names. Throws <see cref="StorageException"/>.</summary>
    public async Task<bool> HasFixAsync(ExceptionScope scope, string cve, CancellationToken cancellationToken)
    {
        // No finding has such a name, and a query has no way to say it.
        if (cve.Contains('"', StringComparison.Ordinal))
        {
            return false;
        }

        ImageQuery query = ImageQuery.Parse($"CVE:\"{cve}\"+Fixable:true", time.GetUtcNow());
        return await images.FindAsync(query, cancellationToken)
            .AnyAsync(image => image.OtherNames.Prepend(image.Name).Any(name => IsMeant(scope, name)), cancellationToken);
    }

    private static bool IsMeant(ExceptionScope scope, string fullName) =>
        scope.Plain() == ExceptionScope.AllImages || (ImageReference.TryParse(fullName, out ImageReference? name, out _) && scope.Means(name));
}
