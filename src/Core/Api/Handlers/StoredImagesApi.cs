using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Deletes stored images and forgets what is held of them, as DeleteImages and InvalidateScanAndRegistryCaches of StackRox do
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go).
/// </summary>
public sealed class StoredImagesApi(
    ScanStore store, ImageSearch search, RegistryClient registries, ImageRemoval removal, ScanSettings settings, TimeProvider time) : IApiHandlers
{
    // A removal is a handful of requests, one after the other.
    private const int RemovalsAtOnce = 8;

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.DeleteImages] = DeleteImagesAsync,
        [Operations.InvalidateImageCache] = InvalidateCacheAsync,
    };

    private async Task<ApiResult> DeleteImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        DeleteImagesRequest request = DeleteImagesRequest.Read(context.Request.Query);
        IReadOnlyList<Digest> images = await MatchesAsync(request.Query, cancellationToken);
        if (!request.Confirm)
        {
            return ApiResult.Json(new WireDeletedImages(images.Count, DryRun: true));
        }

        int deleted = await DeleteAsync(images, start, cancellationToken);
        return deleted == images.Count
            ? ApiResult.Json(new WireDeletedImages(deleted, DryRun: false))
            : throw Refusals.NotAllDeleted(deleted, images.Count, isPage: request.Query is not { Limit: 0, Offset: 0 });
    }

    // What is held is right for as long as it is held: results by the row that names them, tokens until they expire. So nobody needs this but who
    // clears up before a measurement or after a change of rights, and no other instance is told.
    private Task<ApiResult> InvalidateCacheAsync(HttpContext context, CancellationToken cancellationToken)
    {
        store.ForgetRecent();
        registries.ForgetTokens();
        return Task.FromResult(ApiResult.Json(new WireEmpty()));
    }

    private async Task<IReadOnlyList<Digest>> MatchesAsync(DeleteImagesQuery asked, CancellationToken cancellationToken)
    {
        try
        {
            IAsyncEnumerable<ListedImage> found = search.FindAsync(ImageQuery.Parse(asked.Query, time.GetUtcNow()), cancellationToken).Skip(asked.Offset);
            return await (asked.Limit > 0 ? found.Take(asked.Limit) : found).Select(image => Digest.Parse(image.Id)).ToListAsync(cancellationToken);
        }
        catch (ImageQueryException refused)
        {
            throw Refusals.ScopingQueryUnreadable(Refusals.QueryRefused(refused));
        }
    }

    // As many as can be in the time that a caller waits; an image that somebody else has deleted meanwhile is deleted, too.
    private async Task<int> DeleteAsync(IReadOnlyList<Digest> images, long start, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(settings.WaitSeconds);
        int deleted = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = RemovalsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(images, options, async (image, token) =>
        {
            if (time.GetElapsedTime(start) < patience)
            {
                await removal.RemoveAsync(image, token);
                Interlocked.Increment(ref deleted);
            }
        });
        return deleted;
    }
}
