using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>As <see cref="HttpTriggers"/>: badges.</summary>
public sealed class BadgeTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.GetBadge))]
    public Task GetBadge([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetBadge)] HttpRequest request) =>
        api.HandleAsync(Operations.GetBadge, request.HttpContext);
}
