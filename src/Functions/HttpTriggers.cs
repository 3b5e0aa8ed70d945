using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// The API as functions. Anonymous to the host, since clients of StackRox send a bearer token, which Core checks, and no function key.
/// A trigger returns nothing: Core writes to the response itself, route values included in the request as on any ASP.NET Core host.
/// </summary>
public sealed class HttpTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.ScanImage))]
    public Task ScanImage([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ScanImage)] HttpRequest request) =>
        api.HandleAsync(Operations.ScanImage, request.HttpContext);

    [Function(nameof(Operations.GetImage))]
    public Task GetImage([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetImage)] HttpRequest request) =>
        api.HandleAsync(Operations.GetImage, request.HttpContext);

    [Function(nameof(Operations.GetImageChanges))]
    public Task GetImageChanges([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetImageChanges)] HttpRequest request) =>
        api.HandleAsync(Operations.GetImageChanges, request.HttpContext);

    [Function(nameof(Operations.ListImages))]
    public Task ListImages([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ListImages)] HttpRequest request) =>
        api.HandleAsync(Operations.ListImages, request.HttpContext);

    [Function(nameof(Operations.CountImages))]
    public Task CountImages([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.CountImages)] HttpRequest request) =>
        api.HandleAsync(Operations.CountImages, request.HttpContext);

    [Function(nameof(Operations.DeleteImages))]
    public Task DeleteImages([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.ListImages)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteImages, request.HttpContext);

    [Function(nameof(Operations.InvalidateImageCache))]
    public Task InvalidateImageCache([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.InvalidateImageCache)] HttpRequest request) =>
        api.HandleAsync(Operations.InvalidateImageCache, request.HttpContext);

    [Function(nameof(Operations.ExportImages))]
    public Task ExportImages([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ExportImages)] HttpRequest request) =>
        api.HandleAsync(Operations.ExportImages, request.HttpContext);

    [Function(nameof(Operations.Sbom))]
    public Task Sbom([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Sbom)] HttpRequest request) =>
        api.HandleAsync(Operations.Sbom, request.HttpContext);

    [Function(nameof(Operations.GetScan))]
    public Task GetScan([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetScan)] HttpRequest request) =>
        api.HandleAsync(Operations.GetScan, request.HttpContext);

    [Function(nameof(Operations.ListWatchedImages))]
    public Task ListWatchedImages([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.WatchedImages)] HttpRequest request) =>
        api.HandleAsync(Operations.ListWatchedImages, request.HttpContext);

    [Function(nameof(Operations.WatchImage))]
    public Task WatchImage([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.WatchedImages)] HttpRequest request) =>
        api.HandleAsync(Operations.WatchImage, request.HttpContext);

    [Function(nameof(Operations.UnwatchImage))]
    public Task UnwatchImage([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.WatchedImages)] HttpRequest request) =>
        api.HandleAsync(Operations.UnwatchImage, request.HttpContext);

    [Function(nameof(Operations.GetDelegationConfig))]
    public Task GetDelegationConfig([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.DelegationConfig)] HttpRequest request) =>
        api.HandleAsync(Operations.GetDelegationConfig, request.HttpContext);

    [Function(nameof(Operations.PutDelegationConfig))]
    public Task PutDelegationConfig([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.DelegationConfig)] HttpRequest request) =>
        api.HandleAsync(Operations.PutDelegationConfig, request.HttpContext);

    [Function(nameof(Operations.ListDelegationClusters))]
    public Task ListDelegationClusters([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.DelegationClusters)] HttpRequest request) =>
        api.HandleAsync(Operations.ListDelegationClusters, request.HttpContext);

    [Function(nameof(Operations.GetVulnerabilityDefinitions))]
    public Task GetVulnerabilityDefinitions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.VulnerabilityDefinitions)] HttpRequest request) =>
        api.HandleAsync(Operations.GetVulnerabilityDefinitions, request.HttpContext);

    [Function(nameof(Operations.GetOpenApi))]
    public Task GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.OpenApi)] HttpRequest request) =>
        api.HandleAsync(Operations.GetOpenApi, request.HttpContext);

    [Function(nameof(Operations.GetDocs))]
    public Task GetDocs([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Docs)] HttpRequest request) =>
        api.HandleAsync(Operations.GetDocs, request.HttpContext);

    [Function(nameof(Operations.GetDocsAsset))]
    public Task GetDocsAsset([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.DocsAsset)] HttpRequest request) =>
        api.HandleAsync(Operations.GetDocsAsset, request.HttpContext);

    [Function(nameof(Operations.Ping))]
    public Task Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Ping)] HttpRequest request) =>
        api.HandleAsync(Operations.Ping, request.HttpContext);

    [Function(nameof(Operations.Metadata))]
    public Task Metadata([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Metadata)] HttpRequest request) =>
        api.HandleAsync(Operations.Metadata, request.HttpContext);

    [Function(nameof(Operations.Health))]
    public Task Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Health)] HttpRequest request) =>
        api.HandleAsync(Operations.Health, request.HttpContext);
}
