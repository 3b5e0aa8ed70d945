using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Answers how the findings of a stored image went.</summary>
public sealed class HistoryApi(ImagesApi images, ImageHistories histories) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.GetImageHistory] = GetAsync };

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        Scan scan = await images.StoredAsync(context, cancellationToken);
        return ApiResult.Json(HistoryAnswer.Of(await histories.OfAsync(scan, cancellationToken)));
    }
}
