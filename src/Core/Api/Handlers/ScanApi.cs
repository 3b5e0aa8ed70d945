using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Scans an image, as ScanImage of StackRox does (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go).</summary>
public sealed class ScanApi(ScanDispatcher scans, DelegationApi delegation, ImageAnswers answers, ScanSettings settings) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.ScanImage] = ScanImageAsync };

    private TimeSpan LongestWait => TimeSpan.FromSeconds(settings.WaitSeconds);

    private async Task<ApiResult> ScanImageAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ScanImageRequest request = await ScanImageRequest.ReadAsync(context.Request, cancellationToken);
        Platform? platform = new RequestQuery(context.Request.Query).Platform();

        // StackRox resolves the cluster before it looks at the name.
        Cluster? named = await delegation.NamedAsync(request.Cluster, cancellationToken);
        if (request.ImageName.Length == 0)
        {
            throw Refusals.ImageNameMissing();
        }

        if (!ImageReference.TryParse(request.ImageName, out ImageReference? image, out string? reason))
        {
            throw Refusals.ImageNameUnreadable(request.ImageName, reason);
        }

        ScanPlace place = await delegation.PlaceOfAsync(named, image, cancellationToken);
        if (image.Registry.Length == 0)
        {
            throw place.ErrorOf(image, Refusals.RegistryMissing(image));
        }

        Preferences preferences = Preferences.Read(context.Request.Headers[Preferences.Header]).WaitingAtMost(LongestWait);
        try
        {
            var scanned = new ScanRequest(image, platform, request.Force) { Cluster = place.ClusterName };
            Scan scan = await ScanAsync(scanned, preferences, cancellationToken);
            Snoozed snoozed = request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut;
            return ApiResult.Json(await answers.ScanImageAsync(scan, image, snoozed, cancellationToken))
                .With(Preferences.AppliedHeader, preferences.AppliedWait);
        }
        catch (ScanPendingException pending) when (preferences.RespondAsync && pending.Job is { } job)
        {
            return JobsApi.Accepted(job, preferences);
        }
        catch (Exception failure) when (Refusals.Of(image, failure) is { } refusal)
        {
            throw failure is ScanBusyException ? refusal : place.ErrorOf(image, refusal);
        }
    }

    // Who would rather have an answer at once than a result waits for nothing, unless it says for how long.
    private Task<Scan> ScanAsync(ScanRequest request, Preferences preferences, CancellationToken cancellationToken)
    {
        TimeSpan wait = preferences.Wait ?? (preferences.RespondAsync ? TimeSpan.Zero : LongestWait);
        return scans.ScanAsync(request, new ScanPatience(wait, OverQueue: preferences.RespondAsync), cancellationToken);
    }
}
