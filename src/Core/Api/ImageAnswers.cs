using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>Makes the answers about images: whatever answers with one comes here.</summary>
public sealed class ImageAnswers(ApiSettings settings)
{
    /// <summary>The answer to a request for a name.</summary>
    public Task<WireImage> ScanImageAsync(Scan scan, ImageReference requested, Snoozed snoozed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(ImageAnswer.ToScanImage(scan, requested, snoozed, settings));
    }

    /// <summary>The answer to a request for an id.</summary>
    public Task<WireImage> GetImageAsync(Scan scan, GetImageRequest request, long rank, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(ImageAnswer.ToGetImage(scan, request, rank, settings));
    }
}
