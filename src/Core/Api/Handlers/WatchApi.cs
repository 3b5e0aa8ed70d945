using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// The watched images of StackRox: WatchImage, UnwatchImage and GetWatchedImages of
/// https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go, in its words.
/// </summary>
public sealed class WatchApi(WatchedImages watched, WatchStore store) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListWatchedImages] = (_, cancellationToken) => ListAsync(cancellationToken),
        [Operations.WatchImage] = WatchAsync,
        [Operations.UnwatchImage] = UnwatchAsync,
    };

    /// <summary>
    /// Scans an image and then watches its name. What keeps it from being watched is said with status 200, as StackRox does; that includes a scan
    /// that takes longer than a caller may wait: it goes on, and the same request finds its result later.
    /// </summary>
    public async Task<ApiResult> WatchAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string name = (await WatchImageRequest.ReadAsync(context.Request, cancellationToken)).Name;
        AuditNotes.Add(context, HostileText.Quote(name));
        if (name.Length == 0)
        {
            return Failed(WatchError.InvalidImageName, "no image name specified");
        }

        if (!ImageReference.TryParse(name, out ImageReference? image, out string? reason))
        {
            return Failed(WatchError.InvalidImageName, $"failed to parse name: error parsing image name '{name}': {reason}");
        }

        if (image.Digest is not null)
        {
            return Failed(WatchError.InvalidImageName, $"name {name} contains a digest, but watch does not handle images with digests");
        }

        try
        {
            await watched.AddAsync(image, cancellationToken);
        }
        catch (Exception failure) when (Refusals.Of(image, failure) is { Code: not GrpcCode.ResourceExhausted } refusal)
        {
            return Failed(WatchError.ScanFailed, $"failed to scan image: {refusal.Message}");
        }
        catch (DelegationException refusal)
        {
            return Failed(WatchError.ScanFailed, $"failed to scan image: {refusal.Message}");
        }

        return ApiResult.Json(new WireWatchedName { NormalizedName = image.FullName });
    }

    /// <summary>
    /// Watches a name no longer, whether it was watched or not. StackRox takes only the full name; the one that was used to watch it will do here.
    /// </summary>
    public async Task<ApiResult> UnwatchAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string name = UnwatchImageRequest.Read(context.Request.Query).Name;
        await store.RemoveAsync(ImageReference.TryParse(name, out ImageReference? image, out _) ? image.FullName : name, cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    /// <summary>All watched names, in order.</summary>
    public async Task<ApiResult> ListAsync(CancellationToken cancellationToken) => ApiResult.Json(new WireWatchedImages
    {
        WatchedImages = [.. (await store.ListAsync(cancellationToken)).Select(name => new WireWatchedImage(name))],
    });

    private static ApiResult Failed(WatchError error, string message) => ApiResult.Json(new WireWatchedName { ErrorType = error, ErrorMessage = message });
}
