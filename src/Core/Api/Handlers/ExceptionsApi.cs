using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Exceptions: VulnerabilityExceptionService
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/service/v2/service_impl.go), in its words.
/// </summary>
public sealed class ExceptionsApi(VulnerabilityExceptions exceptions, TimeProvider time) : IApiHandlers
{
    // The same for both kinds.
    private const string Creating = "could not create deferral request";

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListExceptions] = ListAsync,
        [Operations.GetException] = GetAsync,
        [Operations.CreateDeferralException] = DeferAsync,
        [Operations.CreateFalsePositiveException] = MarkFalsePositiveAsync,
        [Operations.UpdateException] = UpdateAsync,
        [Operations.ApproveException] = ApproveAsync,
        [Operations.DenyException] = DenyAsync,
        [Operations.CancelException] = CancelAsync,
        [Operations.DeleteException] = DeleteAsync,
    };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListExceptionsRequest request = ListExceptionsRequest.Read(context.Request.Query, ListExceptionsRequest.MaxExceptions);
        ExceptionQuery query = ExceptionQuery.Parse(request, time.GetUtcNow());
        return ApiResult.Json(new WireExceptions([.. query.PageOf(await exceptions.ListAsync(cancellationToken)).Select(ExceptionAnswer.Of)]));
    }

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken) =>
        Answer(await exceptions.FindAsync(IdOf(context), cancellationToken) ?? throw SuppressionRefusals.NotFound());

    private async Task<ApiResult> DeferAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DeferExceptionRequest request = await DeferExceptionRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await SuppressionRefusals.InAsync(Creating, exceptions.CreateAsync(request.ToException(), context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> MarkFalsePositiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        FalsePositiveExceptionRequest request = await FalsePositiveExceptionRequest.ReadAsync(context.Request, cancellationToken);
        return Answer(await SuppressionRefusals.InAsync(Creating, exceptions.CreateAsync(request.ToException(), context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> UpdateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        UpdateExceptionRequest request = await UpdateExceptionRequest.ReadAsync(context.Request, cancellationToken);
        (ExceptionTarget target, ExceptionUpdate update) = request switch
        {
            { DeferralUpdate: { } deferral } => (ExceptionTarget.Deferred, new ExceptionUpdate(deferral.Cves, ExceptionFields.ExpiryOf(deferral.Expiry))),
            { FalsePositiveUpdate: { } falsePositive } => (ExceptionTarget.FalsePositive, new ExceptionUpdate(falsePositive.Cves, Expiry: null)),
            _ => throw SuppressionRefusals.Missing("vulnerability exception update not specified"),
        };
        string id = IdOf(context);
        return Answer(await SuppressionRefusals.InAsync(
            $"updating vulnerability exception {VulnerabilityExceptions.Shown(id)}",
            exceptions.UpdateAsync(id, target, request.Comment, update, context.ExceptionCaller(), cancellationToken)));
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

    private async Task<ApiResult> CancelAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = IdOf(context);
        return Answer(await SuppressionRefusals.InAsync(
            $"canceling vulnerability exception {VulnerabilityExceptions.Shown(id)}",
            exceptions.CancelAsync(id, context.ExceptionCaller(), cancellationToken)));
    }

    private async Task<ApiResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await exceptions.DeleteAsync(IdOf(context), context.ExceptionCaller(), cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    private static ApiResult Answer(VulnerabilityException exception) => ApiResult.Json(new WireExceptionAnswer(ExceptionAnswer.Of(exception)));

    private static string IdOf(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
