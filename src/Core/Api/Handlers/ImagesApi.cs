using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Answers what is asked of stored images.</summary>
public sealed class ImagesApi(ScanStore store, ChangeStore changes, ImageAnswers answers) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetImage] = GetImageAsync,
        [Operations.GetImageChanges] = GetImageChangesAsync,
        [Operations.ListImages] = ListImagesAsync,
        [Operations.CountImages] = CountImagesAsync,
    };

    private async Task<ApiResult> GetImageAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GetImageRequest request = GetImageRequest.Read(context.GetRouteValue("id") as string, context.Request.Query);
        Platform platform = new RequestQuery(context.Request.Query).Platform() ?? Platform.Default;
        if (!Digest.TryParse(request.Id, out Digest? id) || await FindAsync(id, platform, cancellationToken) is not { } scan)
        {
            throw Refusals.ImageUnknown(request.Id);
        }

        RiskRanks ranks = RanksOf(await store.ListAsync(cancellationToken));
        return ApiResult.Json(await answers.GetImageAsync(scan, request, ranks.RankOf(ScanStatistics.Of(scan).RiskScore), cancellationToken));
    }

    private async Task<ApiResult> GetImageChangesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GetImageRequest request = GetImageRequest.Read(context.GetRouteValue("id") as string, context.Request.Query);
        Platform platform = new RequestQuery(context.Request.Query).Platform() ?? Platform.Default;
        if (!Digest.TryParse(request.Id, out Digest? id) || await FindAsync(id, platform, cancellationToken) is not { } scan)
        {
            throw Refusals.ImageUnknown(request.Id);
        }

        return ApiResult.Json(new WireImageChanges { Changes = [.. (await changes.ListAsync(scan.Id, cancellationToken)).Select(ChangesAnswer.Of)] });
    }

    // An answer to a name with an index's digest carries that digest as its id, so it must be found by it, too.
    private async Task<Scan?> FindAsync(Digest id, Platform platform, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken)
        ?? (await store.FindAliasAsync(id, platform, cancellationToken) is { } manifest
            ? await store.FindAsync(manifest, cancellationToken)
            : null);

    private async Task<ApiResult> ListImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListImagesRequest request = ListImagesRequest.Read(context.Request.Query);
        IReadOnlyList<ListedImage> all = await store.ListAsync(cancellationToken);
        RiskRanks ranks = RanksOf(all);
        IEnumerable<ListedImage> page = ImageQuery.Parse(request.Query).Of(all).Skip(request.Offset).Take(request.Limit);
        return ApiResult.Json(new WireListImages
        {
            Images = [.. page.Select(image => ImageAnswer.ToListImage(image, ranks.RankOf(image.Summary.RiskScore)))],
        });
    }

    private async Task<ApiResult> CountImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string query = ListImagesRequest.Read(context.Request.Query).Query;
        int count = query.Length == 0
            ? await store.CountAsync(cancellationToken)
            : ImageQuery.Parse(query).Of(await store.ListAsync(cancellationToken)).Count();
        return ApiResult.Json(new WireImageCount(count));
    }

    private static RiskRanks RanksOf(IEnumerable<ListedImage> images) => RiskRanks.Of(images.Select(image => image.Summary.RiskScore));
}
