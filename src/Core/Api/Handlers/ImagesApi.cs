using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Answers what is asked of stored images.</summary>
public sealed class ImagesApi(
    ScanStore store, ImageSearch search, ChangeStore changes, ImageAnswers answers, ImageReports reports, TimeProvider time) : IApiHandlers
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
        ReportChoice choice = ReportChoice.Read(context.Request);
        if (choice.Format is null)
        {
            return await GetAsync(request, platform, cancellationToken);
        }

        Scan scan = await KnownAsync(request, platform, cancellationToken);
        ImageReference? name = request.Name ?? (scan.Names is [var first, ..] ? first : null);
        return await reports.WriteAsync(scan, name, choice, request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut, cancellationToken);
    }

    /// <summary>
    /// Gives what is stored under an id, whoever asks in whichever form. Throws <see cref="ApiException"/> with code 5 if there is none, or none by the
    /// name that is asked for.
    /// </summary>
    internal async Task<ApiResult> GetAsync(GetImageRequest request, Platform platform, CancellationToken cancellationToken)
    {
        Scan scan = await KnownAsync(request, platform, cancellationToken);
        long rank = await search.RankOfAsync(ScanStatistics.Of(scan).RiskScore, cancellationToken);
        return ApiResult.Json(await answers.GetImageAsync(scan, request, rank, cancellationToken));
    }

    /// <summary>What is stored under the id of a request's route. Throws <see cref="ApiException"/> with code 5 if there is nothing.</summary>
    internal async Task<Scan> StoredAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GetImageRequest request = GetImageRequest.Read(context.GetRouteValue("id") as string, context.Request.Query);
        Platform platform = new RequestQuery(context.Request.Query).Platform() ?? Platform.Default;
        return await KnownAsync(request, platform, cancellationToken);
    }

    private async Task<ApiResult> GetImageChangesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        Scan scan = await StoredAsync(context, cancellationToken);
        return ApiResult.Json(new WireImageChanges { Changes = [.. (await changes.ListAsync(scan.Id, cancellationToken)).Select(ChangesAnswer.Of)] });
    }

    private async Task<Scan> KnownAsync(GetImageRequest request, Platform platform, CancellationToken cancellationToken)
    {
        Scan scan = Digest.TryParse(request.Id, out Digest? id) && await FindAsync(id, platform, cancellationToken) is { } found
            ? found
            : throw Refusals.ImageUnknown(request.Asked);
        // Who may choose any name would choose one for which nothing counts.
        return request.Name is not { } name || scan.Names.Any(has => has.FullName == name.FullName)
            ? scan
            : throw Refusals.ImageNotNamed(request.Asked, name);
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
        var query = ImageQuery.Parse(request.Query, time.GetUtcNow());
        Task<RiskRanks> ranking = search.RanksAsync(cancellationToken);
        IReadOnlyList<ListedImage> page = await search.PageAsync(query, request.Sort(), request.Offset, request.Limit, cancellationToken);
        RiskRanks ranks = await ranking;
        return ApiResult.Json(new WireListImages
        {
            Images = [.. page.Select(image => ImageAnswer.ToListImage(image, ranks.RankOf(image.Summary.RiskScore)))],
        });
    }

    private async Task<ApiResult> CountImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = ImageQuery.Parse(ListImagesRequest.Read(context.Request.Query).Query, time.GetUtcNow());
        return ApiResult.Json(new WireImageCount(await search.CountAsync(query, cancellationToken)));
    }
}
