using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Scans an image, as ScanImage of StackRox does (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go).</summary>
public sealed class ScanApi(CallerScans scans, DelegationApi delegation, ImageAnswers answers) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.ScanImage] = ScanImageAsync };

    private async Task<ApiResult> ScanImageAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ScanImageRequest request = await ScanImageRequest.ReadAsync(context.Request, cancellationToken);
        Platform? platform = PlatformRequest.Read(context.Request.Query).Wanted;
        Preferences preferences = scans.PreferencesOf(context.Request);
        try
        {
            return (await ScanAsync(request, platform, preferences, cancellationToken)).With(Preferences.AppliedHeader, preferences.AppliedWait);
        }
        catch (ScanPendingException pending) when (pending.Job is { } job)
        {
            return JobsApi.Accepted(job, preferences);
        }
    }

    /// <summary>
    /// Scans what is asked for, whoever asks in whichever form. Throws what <see cref="CallerScans.ScanAsync"/> does, and
    /// <see cref="ApiException"/> for a request that cannot be.
    /// </summary>
    internal async Task<ApiResult> ScanAsync(
        ScanImageRequest request, Platform? platform, Preferences preferences, CancellationToken cancellationToken)
    {
        // StackRox resolves the cluster before it looks at the name.
        Cluster? named = await delegation.NamedAsync(request.Cluster, cancellationToken);
        if (request.ImageName.Length == 0)
        {
            throw Refusals.ImageNameMissing();
        }

        ImageReference image = CallerScans.ReferenceOf(request.ImageName);
        Scan scan = await scans.ScanAsync(image, new CallerRequest(named, platform, request.Force), preferences, cancellationToken);
        Snoozed snoozed = request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut;
        return ApiResult.Json(await answers.ScanImageAsync(scan, image, snoozed, cancellationToken));
    }
}
