using ImageScan.Core.Api.Wire;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Snoozed CVEs: ImageCVEService (https://github.com/stackrox/stackrox/blob/4.5.0/central/cve/image/service/service_impl.go), in its words.
/// </summary>
public sealed class SnoozeApi(Snoozes snoozes, ApiSettings settings) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.SuppressCves] = SuppressAsync,
        [Operations.UnsuppressCves] = UnsuppressAsync,
    };

    private async Task<ApiResult> SuppressAsync(HttpContext context, CancellationToken cancellationToken)
    {
        SuppressCvesRequest request = await SuppressCvesRequest.ReadAsync(context.Request, cancellationToken);
        AuditNotes.Add(context, $"{string.Join(", ", request.Cves)} for {request.Duration}");
        EnsureOn();
        if (request.Cves.Count == 0)
        {
            throw SuppressionRefusals.Missing("no cves provided to snooze");
        }

        // A 500 in StackRox, since nothing classes it.
        TimeSpan duration = request.Duration ?? throw new ApiException(GrpcCode.InvalidArgument, "duration: nil Duration");
        await snoozes.BeginAsync(request.Cves, duration, cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    private async Task<ApiResult> UnsuppressAsync(HttpContext context, CancellationToken cancellationToken)
    {
        UnsuppressCvesRequest request = await UnsuppressCvesRequest.ReadAsync(context.Request, cancellationToken);
        AuditNotes.Add(context, string.Join(", ", request.Cves));
        EnsureOn();
        if (request.Cves.Count == 0)
        {
            throw SuppressionRefusals.Missing("no cves provided to un-snooze");
        }

        await snoozes.EndAsync(request.Cves, cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    // The gateway has read the body before the service says no.
    private void EnsureOn()
    {
        if (!settings.Snooze)
        {
            throw SuppressionRefusals.NotFound();
        }
    }
}
