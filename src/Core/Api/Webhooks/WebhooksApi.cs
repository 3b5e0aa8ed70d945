using System.Text.Json;
using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>
/// The receiver of webhooks: who is it, what does it say, what of it is believed. What its head disproves is refused before its body is read; a secret
/// in a path is in no message of ours. No address that a request names is ever asked.
/// </summary>
public sealed class WebhooksApi(
    WebhookSources sources, RegistryEvents events, WebhookAllowance allowance, WebhookLimits limits, AccessCheck access, TimeProvider time) : IApiHandlers
{
    private const string RequestOrigin = "WebHook-Request-Origin";

    private static readonly TimeSpan InWorkRetry = TimeSpan.FromSeconds(5);

    // Of their own: a registry with an old secret must not keep the people behind the same address out.
    private readonly FailedAttempts _failures = new(time);

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ReceiveWebhook] = ReceiveAsync,
        [Operations.ReceiveWebhookBySecret] = ReceiveAsync,
        [Operations.WebhookHandshake] = (context, _) => Task.FromResult(Greet(context)),
        [Operations.WebhookHandshakeBySecret] = (context, _) => Task.FromResult(Greet(context)),
    };

    private async Task<ApiResult> ReceiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        HttpRequest request = context.Request;
        WebhookSource source = SourceOf(request);
        HeadProof proof = source.IsOpen
            ? await source.JudgeAsync(request, request.RouteValues["secret"] as string ?? "", cancellationToken)
            : throw Refusals.NoCredentials($"credentials not found: the webhook {source.Provider.Name} is not configured");
        if (proof is HeadProof.Missing or HeadProof.Wrong)
        {
            throw Refused(request, proof == HeadProof.Missing ? "the proof of the sender is missing" : "the proof of the sender is wrong");
        }

        if (await WebhookBody.ReadAsync(request, limits.BodyBytes, cancellationToken) is not { } body)
        {
            return TooLarge($"the request body is longer than {limits.BodyBytes} bytes");
        }

        string? id = null;
        if (proof == HeadProof.NeedsBody && !source.IsSignedBy(request, body, out id))
        {
            throw Refused(request, "the signature of the sender is wrong, or the request came before or too late");
        }

        return id is null
            ? await TakeAsync(source, request, body, began, cancellationToken)
            : await TakeOnceAsync(id, source, () => TakeAsync(source, request, body, began, cancellationToken));
    }

    // Who sends a signed request again, since the answer was lost, is told that it was taken; what was not done may come again as it is.
    private static async Task<ApiResult> TakeOnceAsync(string id, WebhookSource source, Func<Task<ApiResult>> takeAsync)
    {
        switch (source.Begin(id))
        {
            case Repetition.Done:
                return ApiResult.Json(new WireWebhookAnswer());
            case Repetition.InWork:
                throw new ApiException(GrpcCode.Unavailable, "the same request is being worked on", InWorkRetry);
        }

        bool isDone = false;
        try
        {
            ApiResult result = await takeAsync();
            isDone = true;
            return result;
        }
        finally
        {
            source.End(id, isDone);
        }
    }

    private async Task<ApiResult> TakeAsync(WebhookSource source, HttpRequest request, byte[] body, long began, CancellationToken cancellationToken)
    {
        if (allowance.Add(source.Provider.Name) is { } wait)
        {
            throw Refusals.TooManyRequests(wait);
        }

        WebhookReading reading = Read(source, request, body);
        if (reading.ValidationCode.Length > 0)
        {
            // 202 would be refused (https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema).
            return ApiResult.Json(new WireWebhookValidation(reading.ValidationCode));
        }

        if (reading.Events.Count > limits.Events)
        {
            return TooLarge($"the request has more than {limits.Events} events");
        }

        EventOutcome outcome = await events.TakeAsync(source, reading.Events, began, cancellationToken);
        return ApiResult.Json(AnswerOf(outcome, reading.Ignored), outcome.Accepted > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static WebhookReading Read(WebhookSource source, HttpRequest request, byte[] body)
    {
        try
        {
            using JsonDocument json = WebhookBody.Parse(body);
            return source.Provider.Read(new WebhookMessage(request.Headers, json.RootElement));
        }
        catch (FormatException wrong)
        {
            throw new ApiException(GrpcCode.InvalidArgument, HostileText.Plain(wrong.Message, 500));
        }
    }

    private static WireWebhookAnswer AnswerOf(EventOutcome outcome, int ignored) => new()
    {
        Jobs = [.. outcome.Jobs.Select(job => new WireWebhookJob(job.Job.Id, job.Image.FullName))],
        Accepted = outcome.Accepted,
        Later = outcome.Later,
        Dropped = outcome.Dropped,
        Ignored = ignored,
    };

    // https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection: leave is given by these headers and not by the status,
    // and never by asking the address of WebHook-Request-Callback.
    private ApiResult Greet(HttpContext context)
    {
        WebhookSource source = SourceOf(context.Request);
        string origin = context.Request.Headers[RequestOrigin].ToString();
        if (!source.IsOpen || origin.Length == 0 || !origin.Equals(source.Settings.AllowedOrigin, StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(GrpcCode.PermissionDenied, $"the webhook {source.Provider.Name} takes no events of that origin");
        }

        return ApiResult.Json(new WireEmpty())
            .With("WebHook-Allowed-Origin", source.Settings.AllowedOrigin)
            .With("WebHook-Allowed-Rate", limits.RequestsPerMinute == 0 ? "*" : $"{limits.RequestsPerMinute}")
            .With("Allow", "POST");
    }

    private WebhookSource SourceOf(HttpRequest request) =>
        sources.Find(request.RouteValues["provider"] as string) ?? throw new ApiException(GrpcCode.NotFound, "there is no such kind of webhook");

    private ApiException Refused(HttpRequest request, string reason) =>
        _failures.Add(access.AddressOf(request)) is { } wait ? Refusals.TooManyFailures(wait) : Refusals.NoCredentials($"credentials not found: {reason}");

    private static ApiResult TooLarge(string reason) =>
        ApiResult.Json(new ApiException(GrpcCode.InvalidArgument, reason).ToBody(), StatusCodes.Status413PayloadTooLarge);
}
