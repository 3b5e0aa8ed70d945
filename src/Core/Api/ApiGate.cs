using ImageScan.Core.Access;
using ImageScan.Core.Api.Grpc;
using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Images;
using ImageScan.Core.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api;

/// <summary>
/// What every request passes, under Kestrel and under the Functions host alike: who is it, do it, write the answer or the error, one line
/// in the log. It needs no middleware.
/// </summary>
public sealed class ApiGate(
    AccessCheck access, CallerAllowance allowance, AuditTrail audit, ApiSettings settings, TimeProvider time, ILogger<ApiGate> logger)
{
    // A stack trace and its cause.
    private const int MaxLoggedFailure = 8_000;
    private const int MaxLoggedMessage = 1_000;

    private readonly AnswerWriter _plain = new(settings);
    private readonly GrpcAnswers _grpc = new(settings);

    /// <summary>Answers one request.</summary>
    /// <param name="context">The request and the place for its answer.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="handler">
    /// Does it. Gets a token that ends with the connection, and finds the <see cref="AccessDecision"/> among the context's features. What
    /// it throws becomes an error body by <see cref="ErrorTable"/>.
    /// </param>
    public async Task HandleAsync(HttpContext context, Operation operation, ApiHandler handler)
    {
        long start = time.GetTimestamp();
        CancellationToken aborted = context.RequestAborted;
        AccessDecision decision = AccessDecision.Unknown;
        GrpcWebForm? grpc = operation.IsGrpc ? GrpcWebForm.Of(context.Request) : null;
        ApiResult result;
        Exception? failure = null;
        try
        {
            decision = await DecideAsync(context, operation, aborted);
            context.Features.Set(decision);
            Enforce(decision, operation);
            result = operation.Changes ? await audit.RunAsync(operation, decision, context, handler, aborted) : await handler(context, aborted);
        }
        catch (Exception exception)
        {
            // The edge of the app: whatever it is, the caller gets a body and the log gets a line.
            failure = exception;
            ApiException error = ErrorTable.ErrorFor(exception, context.TraceIdentifier);
            // Of gRPC the caller reads the trailers alone.
            if (grpc is null)
            {
                AnswerWriter.AddErrorHeaders(context.Response, operation, error);
            }

            // Who may come in is asked behind the gateway, which knows an operation that streams by then; its parameters are read in front of it.
            result = operation.IsForHarbor ? HarborErrors.Of(error)
                : operation.IsStream && decision.Verdict != AccessVerdict.Allowed ? ApiResult.StreamFailure(error)
                : ApiResult.Failure(error);
        }

        if (result.Lines is not null && !aborted.IsCancellationRequested)
        {
            failure = await _plain.WriteLinesAsync(context, result, aborted);
        }

        LogLine(context, operation, decision, result, failure, time.GetElapsedTime(start));
        if (result.Lines is null && !aborted.IsCancellationRequested)
        {
            await (grpc is null ? _plain.WriteAsync(context, result, aborted) : _grpc.WriteAsync(context, grpc, result, aborted));
        }
    }

    /// <summary>
    /// Answers a path that is no route: up to 4.5 in the plain text of grpc-gateway 1.16, which writes it with Go's http.Error, later as an error.
    /// </summary>
    public Task AnswerNotFoundAsync(HttpContext context) =>
        AnswerNoRouteAsync(context, new ApiException(GrpcCode.NotFound, "Not Found"), StatusCodes.Status404NotFound);

    /// <summary>Answers a route that has no such method, in the same way; later than 4.5 that is "not implemented", 501.</summary>
    public Task AnswerMethodNotAllowedAsync(HttpContext context) =>
        AnswerNoRouteAsync(context, new ApiException(GrpcCode.Unimplemented, "Method Not Allowed"), StatusCodes.Status405MethodNotAllowed);

    private async Task<AccessDecision> DecideAsync(HttpContext context, Operation operation, CancellationToken cancellationToken)
    {
        AccessRights needed = operation.HasProofInBody ? AccessRights.None : GrantedAccess.RightsFor(operation.Access);
        AccessDecision decision = await access.DecideAsync(context.Request, needed, cancellationToken);

        // Probes ask as often as they like.
        bool isProbe = operation == Operations.Health || operation == Operations.Ready || operation == Operations.Ping || operation == Operations.GrpcPing;
        bool isCounted = decision.IsIdentified && !isProbe;
        return isCounted && allowance.Add(decision.CallerId) is { } wait
            ? decision with { Verdict = AccessVerdict.TooManyRequests, RetryAfter = wait }
            : decision;
    }

    // The words of StackRox 4.5, which clients match on.
    private static void Enforce(AccessDecision decision, Operation operation)
    {
        ApiException? refusal = decision.Verdict switch
        {
            AccessVerdict.Allowed => null,
            AccessVerdict.NoCredentials => Refusals.NoCredentials("credentials not found"),
            AccessVerdict.BadCredentials => Refusals.NoCredentials("credentials not found: token-based: cannot extract identity: token validation failed"),
            AccessVerdict.BadPassword => Refusals.NoCredentials(
                $"credentials not found: basic: cannot extract identity: failed to identify user with username {HostileText.Quote(decision.UserName)}"),
            AccessVerdict.UnreadablePassword => Refusals.NoCredentials(
                "credentials not found: basic: cannot extract identity: failed to parse basic auth token"),
            AccessVerdict.LacksRole => Refusals.NotAuthorized(operation),
            AccessVerdict.TooManyFailures => Refusals.TooManyFailures(decision.RetryAfter),
            AccessVerdict.TooManyRequests => Refusals.TooManyRequests(decision.RetryAfter),
            AccessVerdict.Busy => new ApiException(GrpcCode.ResourceExhausted, "too many passwords are being compared", decision.RetryAfter),
            _ => new ApiException(GrpcCode.PermissionDenied, $"not authorized: {decision.Reason}"),
        };
        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private void LogLine(
        HttpContext context, Operation operation, AccessDecision decision, ApiResult result, Exception? failure, TimeSpan elapsed)
    {
        string caller = HostileText.Plain(decision.Caller);
        if (failure is null)
        {
            ScanMetrics.Answered(operation.Name, result.Status);
            logger.LogInformation(
                "Request done {Operation} {Status} in {Elapsed} by {Caller}", operation.Name, result.Status, elapsed, caller);
            return;
        }

        // Texts of failures may quote hostile names, so exceptions go into the message as one line and never as themselves.
        bool isForeseen = ErrorTable.Foresees(failure);
        // Of a stream that breaks off what was sent at its beginning says nothing.
        GrpcCode code = ErrorTable.ErrorFor(failure, context.TraceIdentifier).Code;
        int status = operation.IsForHarbor ? HarborErrors.StatusOf(code) : GrpcCodes.HttpStatusOf(code);
        ScanMetrics.Answered(operation.Name, status);
        bool isOurs = status >= StatusCodes.Status500InternalServerError;
        LogLevel level = !isForeseen ? LogLevel.Error : isOurs ? LogLevel.Warning : LogLevel.Information;
        logger.Log(
            level,
            "Request failed {Operation} {Status} in {Elapsed} by {Caller} ({RequestId}): {Reason}",
            operation.Name,
            status,
            elapsed,
            caller,
            HostileText.Plain(context.TraceIdentifier),
            isForeseen ? HostileText.Plain(failure.Message, MaxLoggedMessage) : HostileText.Plain(failure.ToString(), MaxLoggedFailure));
    }

    private async Task AnswerNoRouteAsync(HttpContext context, ApiException error, int plainStatus)
    {
        if (GrpcWebForm.Of(context.Request) is { } grpc)
        {
            ApiResult unknown = ApiResult.Failure(GrpcAnswers.UnknownMethod(context.Request.Path));
            await _grpc.WriteAsync(context, grpc, unknown, context.RequestAborted);
            return;
        }

        if (settings.Level > ApiLevel.Release45)
        {
            await _plain.WriteAsync(context, ApiResult.Failure(error), context.RequestAborted);
            return;
        }

        context.Response.StatusCode = plainStatus;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync($"{error.Message}\n", context.RequestAborted);
    }
}
