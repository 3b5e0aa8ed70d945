using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// As <see cref="HttpTriggers"/>: the page for people, and what it alone asks. The host shows a page of its own at the root where no function answers, unless
/// <c>AzureWebJobsDisableHomepage</c> is set
/// (https://github.com/Azure/azure-functions-host/blob/v4.1037.0/src/WebJobs.Script.WebHost/Middleware/HomepageMiddleware.cs).
/// </summary>
public sealed class PageTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.GetPage))]
    public Task GetPage([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Page)] HttpRequest request) =>
        api.HandleAsync(Operations.GetPage, request.HttpContext);

    [Function(nameof(Operations.HeadPage))]
    public Task HeadPage([HttpTrigger(AuthorizationLevel.Anonymous, "head", Route = Routes.Page)] HttpRequest request) =>
        api.HandleAsync(Operations.HeadPage, request.HttpContext);

    [Function(nameof(Operations.GetPageAsset))]
    public Task GetPageAsset([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.PageAsset)] HttpRequest request) =>
        api.HandleAsync(Operations.GetPageAsset, request.HttpContext);

    [Function(nameof(Operations.HeadPageAsset))]
    public Task HeadPageAsset([HttpTrigger(AuthorizationLevel.Anonymous, "head", Route = Routes.PageAsset)] HttpRequest request) =>
        api.HandleAsync(Operations.HeadPageAsset, request.HttpContext);

    [Function(nameof(Operations.GetImageHistory))]
    public Task GetImageHistory([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetImageHistory)] HttpRequest request) =>
        api.HandleAsync(Operations.GetImageHistory, request.HttpContext);
}
