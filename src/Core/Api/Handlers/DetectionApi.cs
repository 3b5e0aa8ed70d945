using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Policies;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Holds an image against the policies, as DetectBuildTime of StackRox does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/detection/service/service_impl.go), and scans it as a request for a scan would.
/// </summary>
public sealed class DetectionApi(CallerScans scans, DelegationApi delegation, ScanStore store, ImageAnswers answers, BuildGate gate) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.DetectBuild] = DetectAsync };

    private async Task<ApiResult> DetectAsync(HttpContext context, CancellationToken cancellationToken)
    {
        DetectBuildRequest request = await DetectBuildRequest.ReadAsync(context.Request, cancellationToken);
        Platform? platform = PlatformRequest.Read(context.Request.Query).Wanted;
        // Alerts cannot be fetched later, so they are always waited for.
        Preferences preferences = scans.PreferencesOf(context.Request) with { RespondAsync = false };
        return (await DetectAsync(request, platform, preferences, cancellationToken)).With(Preferences.AppliedHeader, preferences.AppliedWait);
    }

    /// <summary>
    /// Holds what is asked for against the policies, whoever asks in whichever form. Throws what <see cref="CallerScans.ScanAsync"/> does, and
    /// <see cref="ApiException"/> for a request that cannot be.
    /// </summary>
    internal async Task<ApiResult> DetectAsync(
        DetectBuildRequest request, Platform? platform, Preferences preferences, CancellationToken cancellationToken)
    {
        ImageReference image = request.Reference();
        if (request.Force && request.NoExternalMetadata)
        {
            throw Refusals.ForceWithoutMetadata();
        }

        Cluster? named = await delegation.NamedAsync(request.Cluster, cancellationToken);
        // StackRox scans first; whoever mistypes a category need not wait for that.
        gate.EnsureCategories(request.PolicyCategories);
        Scan? scan = request.NoExternalMetadata
            ? await StoredAsync(image, platform ?? Platform.Default, cancellationToken)
            : await scans.ScanAsync(image, new CallerRequest(named, platform, request.Force), preferences, cancellationToken);
        return ApiResult.Json(scan is null
            ? await AlertsAsync(image, request, cancellationToken)
            : await AlertsAsync(image, scan, request, cancellationToken));
    }

    private async Task<WireBuildDetection> AlertsAsync(ImageReference image, Scan scan, DetectBuildRequest request, CancellationToken cancellationToken)
    {
        WireImage answer = await answers.ScanImageAsync(scan, image, Snoozed.LeftOut, cancellationToken);
        IReadOnlyList<PolicyViolations> violated = await gate.JudgeAsync(answer, scan, request.PolicyCategories, cancellationToken);
        return gate.AlertsOf(violated, new WireContainerImage { Id = answer.Id, Name = answer.Name });
    }

    private async Task<WireBuildDetection> AlertsAsync(ImageReference image, DetectBuildRequest request, CancellationToken cancellationToken) => gate.AlertsOf(
        await gate.JudgeAsync(image, request.PolicyCategories, cancellationToken),
        new WireContainerImage { Id = image.Digest?.ToString() ?? "", Name = ImageAnswer.NameOf(image) });

    // Only a digest says which image is meant without asking a registry.
    private async Task<Scan?> StoredAsync(ImageReference image, Platform platform, CancellationToken cancellationToken) => image.Digest is not { } digest
        ? null
        : await store.FindAsync(digest, cancellationToken)
            ?? (await store.FindAliasAsync(digest, platform, cancellationToken) is { } manifest ? await store.FindAsync(manifest, cancellationToken) : null);
}
