using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// As <see cref="HttpTriggers"/>: VEX documents.
/// </summary>
public sealed class VexTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.ListVex))]
    public Task ListVex([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Vex)] HttpRequest request) =>
        api.HandleAsync(Operations.ListVex, request.HttpContext);

    [Function(nameof(Operations.PostVex))]
    public Task PostVex([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Vex)] HttpRequest request) =>
        api.HandleAsync(Operations.PostVex, request.HttpContext);

    [Function(nameof(Operations.DeleteVex))]
    public Task DeleteVex([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.VexDocument)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteVex, request.HttpContext);
}
