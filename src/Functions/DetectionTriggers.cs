using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>As <see cref="HttpTriggers"/>: whether a build may go on.</summary>
public sealed class DetectionTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.DetectBuild))]
    public Task DetectBuild([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DetectBuild)] HttpRequest request) =>
        api.HandleAsync(Operations.DetectBuild, request.HttpContext);

    [Function(nameof(Operations.ListPolicies))]
    public Task ListPolicies([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Policies)] HttpRequest request) =>
        api.HandleAsync(Operations.ListPolicies, request.HttpContext);

    [Function(nameof(Operations.GetPolicy))]
    public Task GetPolicy([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetPolicy)] HttpRequest request) =>
        api.HandleAsync(Operations.GetPolicy, request.HttpContext);
}
