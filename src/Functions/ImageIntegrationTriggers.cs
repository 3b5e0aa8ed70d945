using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// As <see cref="HttpTriggers"/>: which registries there are, and how they are read.
/// </summary>
public sealed class ImageIntegrationTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.ListImageIntegrations))]
    public Task ListImageIntegrations([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ImageIntegrations)] HttpRequest request) =>
        api.HandleAsync(Operations.ListImageIntegrations, request.HttpContext);

    [Function(nameof(Operations.GetImageIntegration))]
    public Task GetImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.GetImageIntegration, request.HttpContext);

    [Function(nameof(Operations.PostImageIntegration))]
    public Task PostImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ImageIntegrations)] HttpRequest request) =>
        api.HandleAsync(Operations.PostImageIntegration, request.HttpContext);

    [Function(nameof(Operations.PutImageIntegration))]
    public Task PutImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.GetImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.PutImageIntegration, request.HttpContext);

    [Function(nameof(Operations.UpdateImageIntegration))]
    public Task UpdateImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Routes.GetImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.UpdateImageIntegration, request.HttpContext);

    [Function(nameof(Operations.DeleteImageIntegration))]
    public Task DeleteImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.GetImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteImageIntegration, request.HttpContext);

    [Function(nameof(Operations.TestImageIntegration))]
    public Task TestImageIntegration([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.TestImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.TestImageIntegration, request.HttpContext);

    [Function(nameof(Operations.TestUpdatedImageIntegration))]
    public Task TestUpdatedImageIntegration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.TestUpdatedImageIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.TestUpdatedImageIntegration, request.HttpContext);
}
