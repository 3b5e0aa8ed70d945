using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Scans an image, as ScanImage of StackRox does (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go).</summary>
public sealed class ScanApi(
    CallerScans scans, DelegationApi delegation, ImageAnswers answers, ImageReports reports, BuildGate gate) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.ScanImage] = ScanImageAsync };

    private async Task<ApiResult> ScanImageAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ScanImageRequest request = await ScanImageRequest.ReadAsync(context.Request, cancellationToken);
        ScanImageParameters parameters = ScanImageParameters.Read(context.Request.Query);
        ReportChoice choice = ReportChoice.Read(context.Request);
        Preferences preferences = scans.PreferencesOf(context.Request);
        try
        {
            return (await ScanAsync(request, parameters, choice, preferences, cancellationToken)).With(Preferences.AppliedHeader, preferences.AppliedWait);
        }
        catch (ScanPendingException pending) when (pending.Job is { } job)
        {
            return JobsApi.Accepted(job, preferences, choice.Query(SnoozedOf(request), CallerScans.ReferenceOf(request.ImageName)));
        }
    }

    /// <summary>
    /// Scans what is asked for, whoever asks in whichever form. Throws what <see cref="CallerScans.ScanAsync"/> does, and
    /// <see cref="ApiException"/> for a request that cannot be.
    /// </summary>
    internal Task<ApiResult> ScanAsync(
        ScanImageRequest request, Platform? platform, Preferences preferences, CancellationToken cancellationToken) =>
        ScanAsync(
            request,
            new ScanImageParameters(platform?.ToString() ?? "", Gate: false),
            new ReportChoice(null, ReportFilter.Everything),
            preferences,
            cancellationToken);

    private async Task<ApiResult> ScanAsync(
        ScanImageRequest request, ScanImageParameters parameters, ReportChoice choice, Preferences preferences, CancellationToken cancellationToken)
    {
        // StackRox resolves the cluster before it looks at the name.
        Cluster? named = await delegation.NamedAsync(request.Cluster, cancellationToken);
        if (request.ImageName.Length == 0)
        {
            throw Refusals.ImageNameMissing();
        }

        ImageReference image = CallerScans.ReferenceOf(request.ImageName);
        Scan scan = await scans.ScanAsync(image, new CallerRequest(named, parameters.Wanted, request.Force), preferences, cancellationToken);
        Snoozed snoozed = SnoozedOf(request);
        WireImage answer = await answers.ScanImageAsync(scan, image, snoozed, cancellationToken);
        ApiResult result = choice.Format is null ? ApiResult.Json(answer) : await reports.WriteAsync(scan, image, choice, snoozed, cancellationToken);
        return parameters.Gate
            ? BuildGate.WithVerdict(result, await gate.JudgeAsync(answer, scan, categories: [], cancellationToken))
            : result;
    }

    private static Snoozed SnoozedOf(ScanImageRequest request) => request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut;
}
