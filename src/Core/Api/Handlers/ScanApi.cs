using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Answers every operation of the API, in both heads.</summary>
public sealed class ScanApi(
    ApiGate gate,
    ScanDispatcher scans,
    ScanStore store,
    ChangeStore changes,
    JobsApi jobs,
    WatchApi watched,
    DelegationApi delegation,
    ApiSettings settings,
    ScanSettings scanSettings)
{
    private TimeSpan LongestWait => TimeSpan.FromSeconds(scanSettings.WaitSeconds);

    /// <summary>Writes the whole response, errors included.</summary>
    public Task HandleAsync(Operation operation, HttpContext context) => gate.HandleAsync(context, operation, HandlerOf(operation));

    private Func<HttpContext, CancellationToken, Task<ApiResult>> HandlerOf(Operation operation) => operation.Name switch
    {
        nameof(Operations.ScanImage) => ScanImageAsync,
        nameof(Operations.GetImage) => GetImageAsync,
        nameof(Operations.GetImageChanges) => GetImageChangesAsync,
        nameof(Operations.ListImages) => ListImagesAsync,
        nameof(Operations.CountImages) => CountImagesAsync,
        nameof(Operations.GetScan) => jobs.GetAsync,
        nameof(Operations.ListWatchedImages) => (_, cancellationToken) => watched.ListAsync(cancellationToken),
        nameof(Operations.WatchImage) => watched.WatchAsync,
        nameof(Operations.UnwatchImage) => watched.UnwatchAsync,
        nameof(Operations.GetDelegationConfig) => (_, token) => delegation.GetConfigAsync(token),
        nameof(Operations.PutDelegationConfig) => delegation.PutConfigAsync,
        nameof(Operations.ListDelegationClusters) => (_, token) => delegation.ListClustersAsync(token),
        nameof(Operations.Ping) => (_, _) => Task.FromResult(ApiResult.Json(new WirePing())),
        nameof(Operations.Metadata) => (context, _) => Task.FromResult(ApiResult.Json(new WireServerMetadata(VersionFor(context)))),
        nameof(Operations.Health) => (_, _) => Task.FromResult(ApiResult.Text("ok")),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Name, "No handler answers this operation."),
    };

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
            return ApiResult.Json(ImageAnswer.ToScanImage(scan, image, request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut, settings))
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

    private async Task<ApiResult> GetImageAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GetImageRequest request = GetImageRequest.Read(context.GetRouteValue("id") as string, context.Request.Query);
        Platform platform = new RequestQuery(context.Request.Query).Platform() ?? Platform.Default;
        if (!Digest.TryParse(request.Id, out Digest? id) || await FindAsync(id, platform, cancellationToken) is not { } scan)
        {
            throw Refusals.ImageUnknown(request.Id);
        }

        RiskRanks ranks = RanksOf(await store.ListAsync(cancellationToken));
        return ApiResult.Json(ImageAnswer.ToGetImage(scan, request, ranks.RankOf(ScanStatistics.Of(scan).RiskScore), settings));
    }

    private async Task<ApiResult> GetImageChangesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GetImageRequest request = GetImageRequest.Read(context.GetRouteValue("id") as string, context.Request.Query);
        Platform platform = new RequestQuery(context.Request.Query).Platform() ?? Platform.Default;
        if (!Digest.TryParse(request.Id, out Digest? id) || await FindAsync(id, platform, cancellationToken) is not { } scan)
        {
            throw Refusals.ImageUnknown(request.Id);
        }

        return ApiResult.Json(new WireImageChanges { Changes = [.. (await changes.ListAsync(scan.Id, cancellationToken)).Select(ChangesAnswer.Of)] });
    }

    // An answer to a name with an index's digest carries that digest as its id, so it must be found by it, too.
    private async Task<Scan?> FindAsync(Digest id, Platform platform, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken)
        ?? (await store.FindAliasAsync(id, platform, cancellationToken) is { } manifest
            ? await store.FindAsync(manifest, cancellationToken)
            : null);

    private async Task<ApiResult> ListImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListImagesRequest request = ListImagesRequest.Read(context.Request.Query);
        IReadOnlyList<ListedImage> all = await store.ListAsync(cancellationToken);
        RiskRanks ranks = RanksOf(all);
        IEnumerable<ListedImage> page = ImageQuery.Parse(request.Query).Of(all).Skip(request.Offset).Take(request.Limit);
        return ApiResult.Json(new WireListImages
        {
            Images = [.. page.Select(image => ImageAnswer.ToListImage(image, ranks.RankOf(image.Summary.RiskScore)))],
        });
    }

    private async Task<ApiResult> CountImagesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string query = ListImagesRequest.Read(context.Request.Query).Query;
        int count = query.Length == 0
            ? await store.CountAsync(cancellationToken)
            : ImageQuery.Parse(query).Of(await store.ListAsync(cancellationToken)).Count();
        return ApiResult.Json(new WireImageCount(count));
    }

    private static RiskRanks RanksOf(IEnumerable<ListedImage> images) => RiskRanks.Of(images.Select(image => image.Summary.RiskScore));

    private static string VersionFor(HttpContext context) =>
        context.Features.Get<AccessDecision>() is { IsIdentified: true } ? ScannerVersion.Product : "";
}
