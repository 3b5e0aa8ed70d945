using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// What roxctl asks over gRPC-Web, as functions. A dot in a route is a letter like others: the host keeps none but "admin…" and "runtime…" to itself
/// (https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Host/ScriptHost.cs, ValidateHttpFunction) and gives the rest to ASP.NET Core.
/// </summary>
public sealed class GrpcTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.GrpcScanImage))]
    public Task GrpcScanImage([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.GrpcScanImage)] HttpRequest request) =>
        api.HandleAsync(Operations.GrpcScanImage, request.HttpContext);

    [Function(nameof(Operations.GrpcGetImage))]
    public Task GrpcGetImage([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.GrpcGetImage)] HttpRequest request) =>
        api.HandleAsync(Operations.GrpcGetImage, request.HttpContext);

    [Function(nameof(Operations.GrpcDetectBuild))]
    public Task GrpcDetectBuild([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.GrpcDetectBuild)] HttpRequest request) =>
        api.HandleAsync(Operations.GrpcDetectBuild, request.HttpContext);

    [Function(nameof(Operations.GrpcPing))]
    public Task GrpcPing([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.GrpcPing)] HttpRequest request) =>
        api.HandleAsync(Operations.GrpcPing, request.HttpContext);

    [Function(nameof(Operations.DownloadCli))]
    public Task DownloadCli([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.DownloadCli)] HttpRequest request) =>
        api.HandleAsync(Operations.DownloadCli, request.HttpContext);
}
