using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Api;

/// <summary>
/// Makes the answers about images: whatever answers with one comes here, so that what has been decided about its vulnerabilities is in all of them,
/// and who signed it. Throws <see cref="StorageException"/> where that is not known: an answer as if nothing had been decided would be a wrong one.
/// </summary>
public sealed class ImageAnswers(Suppressions suppressions, ImageSignatures signatures, ApiSettings settings, TimeProvider time)
{
    /// <summary>The answer to a request for a name.</summary>
    public Task<WireImage> ScanImageAsync(Scan scan, ImageReference requested, Snoozed snoozed, CancellationToken cancellationToken) =>
        StampedAsync(scan, ImageAnswer.ToScanImage(scan, requested, Snoozed.Included, settings), snoozed, cancellationToken);

    /// <summary>The answer to a request for an id.</summary>
    public Task<WireImage> GetImageAsync(Scan scan, GetImageRequest request, long rank, CancellationToken cancellationToken) => StampedAsync(
        scan,
        ImageAnswer.ToGetImage(scan, request with { IncludeSnoozed = true }, rank, settings),
        request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut,
        cancellationToken);

    private async Task<WireImage> StampedAsync(Scan scan, WireImage image, Snoozed snoozed, CancellationToken cancellationToken)
    {
        Task<ImageTrust> finding = signatures.FindAsync(scan, cancellationToken);
        SuppressionSet current = await suppressions.CurrentAsync(cancellationToken);
        WireImage stamped = SuppressionStamp.Apply(SignatureAnswer.Apply(image, await finding), current, time.GetUtcNow(), scan);
        return snoozed == Snoozed.Included ? stamped : SnoozeFilter.Apply(stamped);
    }
}
