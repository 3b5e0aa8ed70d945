using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>
/// As <see cref="HttpTriggers"/>: what is suppressed, and who may do what.
/// </summary>
public sealed class StateTriggers(ApiDispatch api)
{
    [Function(nameof(Operations.SuppressCves))]
    public Task SuppressCves([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Routes.SuppressCves)] HttpRequest request) =>
        api.HandleAsync(Operations.SuppressCves, request.HttpContext);

    [Function(nameof(Operations.UnsuppressCves))]
    public Task UnsuppressCves([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Routes.UnsuppressCves)] HttpRequest request) =>
        api.HandleAsync(Operations.UnsuppressCves, request.HttpContext);

    [Function(nameof(Operations.ListExceptions))]
    public Task ListExceptions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Exceptions)] HttpRequest request) =>
        api.HandleAsync(Operations.ListExceptions, request.HttpContext);

    [Function(nameof(Operations.GetException))]
    public Task GetException([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetException)] HttpRequest request) =>
        api.HandleAsync(Operations.GetException, request.HttpContext);

    [Function(nameof(Operations.CreateDeferralException))]
    public Task CreateDeferralException([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DeferException)] HttpRequest request) =>
        api.HandleAsync(Operations.CreateDeferralException, request.HttpContext);

    [Function(nameof(Operations.CreateFalsePositiveException))]
    public Task CreateFalsePositiveException([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.FalsePositiveException)] HttpRequest request) =>
        api.HandleAsync(Operations.CreateFalsePositiveException, request.HttpContext);

    [Function(nameof(Operations.UpdateException))]
    public Task UpdateException([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Routes.GetException)] HttpRequest request) =>
        api.HandleAsync(Operations.UpdateException, request.HttpContext);

    [Function(nameof(Operations.ApproveException))]
    public Task ApproveException([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ApproveException)] HttpRequest request) =>
        api.HandleAsync(Operations.ApproveException, request.HttpContext);

    [Function(nameof(Operations.DenyException))]
    public Task DenyException([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DenyException)] HttpRequest request) =>
        api.HandleAsync(Operations.DenyException, request.HttpContext);

    [Function(nameof(Operations.CancelException))]
    public Task CancelException([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.CancelException)] HttpRequest request) =>
        api.HandleAsync(Operations.CancelException, request.HttpContext);

    [Function(nameof(Operations.DeleteException))]
    public Task DeleteException([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.GetException)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteException, request.HttpContext);

    [Function(nameof(Operations.ListCveRequests))]
    public Task ListCveRequests([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.CveRequests)] HttpRequest request) =>
        api.HandleAsync(Operations.ListCveRequests, request.HttpContext);

    [Function(nameof(Operations.GetCveRequest))]
    public Task GetCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.GetCveRequest, request.HttpContext);

    [Function(nameof(Operations.DeferCve))]
    public Task DeferCve([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DeferCve)] HttpRequest request) =>
        api.HandleAsync(Operations.DeferCve, request.HttpContext);

    [Function(nameof(Operations.MarkCveFalsePositive))]
    public Task MarkCveFalsePositive([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.FalsePositiveCve)] HttpRequest request) =>
        api.HandleAsync(Operations.MarkCveFalsePositive, request.HttpContext);

    [Function(nameof(Operations.ApproveCveRequest))]
    public Task ApproveCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ApproveCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.ApproveCveRequest, request.HttpContext);

    [Function(nameof(Operations.DenyCveRequest))]
    public Task DenyCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DenyCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.DenyCveRequest, request.HttpContext);

    [Function(nameof(Operations.UpdateCveRequest))]
    public Task UpdateCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.UpdateCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.UpdateCveRequest, request.HttpContext);

    [Function(nameof(Operations.UndoCveRequest))]
    public Task UndoCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.UndoCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.UndoCveRequest, request.HttpContext);

    [Function(nameof(Operations.DeleteCveRequest))]
    public Task DeleteCveRequest([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.GetCveRequest)] HttpRequest request) =>
        api.HandleAsync(Operations.DeleteCveRequest, request.HttpContext);

    [Function(nameof(Operations.GetAuthStatus))]
    public Task GetAuthStatus([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AuthStatus)] HttpRequest request) =>
        api.HandleAsync(Operations.GetAuthStatus, request.HttpContext);

    [Function(nameof(Operations.GetMyPermissions))]
    public Task GetMyPermissions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.MyPermissions)] HttpRequest request) =>
        api.HandleAsync(Operations.GetMyPermissions, request.HttpContext);

    [Function(nameof(Operations.ExchangeToken))]
    public Task ExchangeToken([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ExchangeToken)] HttpRequest request) =>
        api.HandleAsync(Operations.ExchangeToken, request.HttpContext);

    [Function(nameof(Operations.ListApiTokens))]
    public Task ListApiTokens([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ApiTokens)] HttpRequest request) =>
        api.HandleAsync(Operations.ListApiTokens, request.HttpContext);

    [Function(nameof(Operations.GetApiToken))]
    public Task GetApiToken([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.GetApiToken)] HttpRequest request) =>
        api.HandleAsync(Operations.GetApiToken, request.HttpContext);

    [Function(nameof(Operations.GenerateApiToken))]
    public Task GenerateApiToken([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.GenerateApiToken)] HttpRequest request) =>
        api.HandleAsync(Operations.GenerateApiToken, request.HttpContext);

    [Function(nameof(Operations.RevokeApiToken))]
    public Task RevokeApiToken([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Routes.RevokeApiToken)] HttpRequest request) =>
        api.HandleAsync(Operations.RevokeApiToken, request.HttpContext);

    [Function(nameof(Operations.ListAllowedTokenRoles))]
    public Task ListAllowedTokenRoles([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AllowedTokenRoles)] HttpRequest request) =>
        api.HandleAsync(Operations.ListAllowedTokenRoles, request.HttpContext);

    [Function(nameof(Operations.ListAudit))]
    public Task ListAudit([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Audit)] HttpRequest request) =>
        api.HandleAsync(Operations.ListAudit, request.HttpContext);
}
