using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>As <see cref="HttpTriggers"/>: Harbor's scanner adapter.</summary>
public sealed class HarborTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.GetHarborMetadata))]
    public Task GetHarborMetadata([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.HarborMetadata)] HttpRequest request) =>
        api.HandleAsync(Operations.GetHarborMetadata, request.HttpContext);

    [Function(nameof(Operations.ScanForHarbor))]
    public Task ScanForHarbor([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.HarborScan)] HttpRequest request) =>
        api.HandleAsync(Operations.ScanForHarbor, request.HttpContext);

    [Function(nameof(Operations.GetHarborReport))]
    public Task GetHarborReport([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.HarborReport)] HttpRequest request) =>
        api.HandleAsync(Operations.GetHarborReport, request.HttpContext);
}
