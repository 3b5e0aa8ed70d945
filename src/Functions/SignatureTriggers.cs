using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// As <see cref="HttpTriggers"/>: whose signatures are trusted.
/// </summary>
public sealed class SignatureTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.ListSignatureIntegrations))]
    public Task ListSignatureIntegrations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.SignatureIntegrations)] HttpRequest request) =>
        api.HandleAsync(Operations.ListSignatureIntegrations, request.HttpContext);

    [Function(nameof(Operations.GetSignatureIntegration))]
    public Task GetSignatureIntegration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetSignatureIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.GetSignatureIntegration, request.HttpContext);

    [Function(nameof(Operations.PostSignatureIntegration))]
    public Task PostSignatureIntegration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.SignatureIntegrations)] HttpRequest request) =>
        api.HandleAsync(Operations.PostSignatureIntegration, request.HttpContext);

    [Function(nameof(Operations.PutSignatureIntegration))]
    public Task PutSignatureIntegration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.GetSignatureIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.PutSignatureIntegration, request.HttpContext);

    [Function(nameof(Operations.DeleteSignatureIntegration))]
    public Task DeleteSignatureIntegration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.GetSignatureIntegration)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteSignatureIntegration, request.HttpContext);
}
