using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// The same exceptions for older clients: VulnerabilityRequestService
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/service/service_impl.go), in its words. StackRox offers only one
/// of the two; here they are two forms of one thing.
/// </summary>
public sealed class RequestsApi(VulnerabilityExceptions exceptions, TimeProvider time) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListCveRequests] = ListAsync,
        [Operations.GetCveRequest] = GetAsync,
        [Operations.DeferCve] = DeferAsync,
        [Operations.MarkCveFalsePositive] = MarkFalsePositiveAsync,
        [Operations.ApproveCveRequest] = ApproveAsync,
        [Operations.DenyCveRequest] = DenyAsync,
        [Operations.UpdateCveRequest] = UpdateAsync,
        [Operations.UndoCveRequest] = UndoAsync,
        [Operations.DeleteCveRequest] = DeleteAsync,
    };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListExceptionsRequest request = ListExceptionsRequest.Read(context.Request.Query, ListExceptionsRequest.MaxRequests);
        ExceptionQuery query = ExceptionQuery.Parse(request, time.GetUtcNow());
        return ApiResult.Json(new WireVulnerabilityRequests(
            [.. query.PageOf(await exceptions.ListAsync(cancellationToken)).Select(VulnerabilityRequestAnswer.Of)]));
    }

    // One that there is not is null, and no error.
    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken) => ApiResult.Json(new WireVulnerabilityRequestAnswer(
        await exceptions.FindAsync(IdOf(context), cancellationToken) is { } found ? VulnerabilityRequestAnswer.Of(found) : null));

    private async Task<ApiResult> DeferAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DeferCveRequest request = await DeferCveRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await SuppressionRefusals.InAsync(
            "could not create deferral request", exceptions.CreateAsync(request.ToException(), context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> MarkFalsePositiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        FalsePositiveCveRequest request = await FalsePositiveCveRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await SuppressionRefusals.InAsync(
            "could not create false-positive request", exceptions.CreateAsync(request.ToException(), context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> ApproveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DecideExceptionRequest request = await DecideExceptionRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await exceptions.ApproveAsync(IdOf(context), request.Comment, context.ExceptionCaller(), cancellationToken));
    }

    private async Task<ApiResult> DenyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DecideExceptionRequest request = await DecideExceptionRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await exceptions.DenyAsync(IdOf(context), request.Comment, context.ExceptionCaller(), cancellationToken));
    }

    private async Task<ApiResult> UpdateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        UpdateCveRequest request = await UpdateCveRequest.ReadAsync(context.Request, cancellationToken);
        string id = IdOf(context);
        return Answer(await SuppressionRefusals.InAsync(
            $"updating vulnerability request {VulnerabilityExceptions.Shown(id)}",
            exceptions.UpdateExpiryAsync(id, request.Comment, request.ToExpiry(), context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> UndoAsync(HttpContext context, CancellationToken cancellationToken) =>
        Answer(await exceptions.UndoAsync(IdOf(context), context.ExceptionCaller(), cancellationToken));

    private async Task<ApiResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await exceptions.DeleteAsync(IdOf(context), context.ExceptionCaller(), cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    private static ApiResult Answer(VulnerabilityException exception) =>
        ApiResult.Json(new WireVulnerabilityRequestAnswer(VulnerabilityRequestAnswer.Of(exception)));

    private static string IdOf(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
