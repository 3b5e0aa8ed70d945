using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>Whether the app can do its work, as functions.</summary>
public sealed class HealthTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.Ready))]
    public Task Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Ready)] HttpRequest request) =>
        api.HandleAsync(Operations.Ready, request.HttpContext);
}
