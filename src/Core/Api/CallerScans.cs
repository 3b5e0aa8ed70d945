using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Has images scanned for those who ask, here or in a cluster, and says in StackRox's words what has kept it from that.</summary>
public sealed class CallerScans(ScanDispatcher scans, DelegationApi delegation, ScanSettings settings)
{
    /// <summary>How a caller would like to be answered, within what can be done.</summary>
    public Preferences PreferencesOf(HttpRequest request) =>
        Bounded(Preferences.Read(request.Headers[Preferences.Header]));

    /// <summary>Those of a caller who says how long it waits, or null, and nothing else.</summary>
    public Preferences PreferencesOf(TimeSpan? wait) => Bounded(new Preferences(RespondAsync: false, wait));

    /// <summary>
    /// Reads the name of an image. Throws <see cref="ApiException"/> with code 3 if there is none.
    /// </summary>
    public static ImageReference ReferenceOf(string name) => ImageReference.TryParse(name, out ImageReference? image, out string? reason)
        ? image
        : throw Refusals.ImageNameUnreadable(name, reason);

    /// <summary>
    /// The scan of an image, stored or new. Throws <see cref="ApiException"/> or <see cref="Scans.Clusters.DelegationException"/>, and
    /// <see cref="ScanPendingException"/> where a job goes on and the caller would rather not wait for it.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="request">What else the caller says.</param>
    /// <param name="preferences">How long the caller waits.</param>
    /// <param name="cancellationToken">Ends the waiting, not the scan.</param>
    public async Task<Scan> ScanAsync(ImageReference image, CallerRequest request, Preferences preferences, CancellationToken cancellationToken)
    {
        ScanPlace place = await delegation.PlaceOfAsync(request.Cluster, image, cancellationToken);
        if (image.Registry.Length == 0)
        {
            throw place.ErrorOf(image, Refusals.RegistryMissing(image));
        }

        try
        {
            var scanned = new ScanRequest(image, request.Platform, request.Force) { Cluster = place.ClusterName };
            return await scans.ScanAsync(scanned, PatienceOf(preferences), cancellationToken);
        }
        catch (Exception failure) when (!IsAccepted(failure, preferences) && Refusals.Of(image, failure) is { } refusal)
        {
            throw failure is ScanBusyException ? refusal : place.ErrorOf(image, refusal);
        }
    }

    private Preferences Bounded(Preferences preferences) => preferences.WaitingAtMost(TimeSpan.FromSeconds(settings.WaitSeconds));

    // Who would rather have an answer at once than a result waits for nothing, unless it says for how long.
    private ScanPatience PatienceOf(Preferences preferences) => new(
        preferences.Wait ?? (preferences.RespondAsync ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.WaitSeconds)),
        OverQueue: preferences.RespondAsync);

    private static bool IsAccepted(Exception failure, Preferences preferences) =>
        preferences.RespondAsync && failure is ScanPendingException { Job: not null };
}

/// <summary>What a caller says of a scan beside the image's name.</summary>
/// <param name="Cluster">The cluster that the caller names; null for none.</param>
/// <param name="Platform">The platform that is asked for; null for the usual one.</param>
/// <param name="Force">Whether to read everything again.</param>
public sealed record CallerRequest(Cluster? Cluster, Platform? Platform, bool Force);
