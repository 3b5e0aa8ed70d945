using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>
/// Tells a registry of Azure whether an image may leave its quarantine, over the connection and with the login by which it is read
/// (https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md, "Remove the Quarantine Flag").
/// </summary>
public sealed class AcrQuarantineSink(RegistryClient registries) : INotificationSink
{
    public NotificationType Type => NotificationType.AcrQuarantine;

    public async Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(notification.Image, out ImageReference? image, out _))
        {
            return new DeliveryOutcome(DeliveryVerdict.Refused, "its name cannot be read");
        }

        // Of an image that was held against nothing, or next to nothing, nobody can say that it is good: it waits until it was matched with more.
        if (notification.Advisories is null or { IsStarterSet: true })
        {
            return new DeliveryOutcome(DeliveryVerdict.Later, "there are no advisories yet, or only the starter set");
        }

        try
        {
            // What was pushed, which may be an index: then the image is but one of its platforms.
            string path = $"acr/v1/{image.Remote}/_manifests/{image.Digest ?? notification.Digest}";
            await registries.ChangeAsync(image, path, BodyOf(notification, rule), cancellationToken);
            return DeliveryOutcome.Delivered;
        }
        catch (RegistryException failure) when (failure.StatusCode is 404 or 405)
        {
            // No image of its own, or no registry with a quarantine: nobody waits for this verdict.
            return DeliveryOutcome.Delivered;
        }
        catch (RegistryException failure)
        {
            return failure.Failure == RegistryFailure.Unavailable
                ? new DeliveryOutcome(DeliveryVerdict.Later, failure.Message, failure.RetryAfter)
                : new DeliveryOutcome(DeliveryVerdict.Refused, failure.Message);
        }
    }

    internal static byte[] BodyOf(Notification notification, NotificationRule rule)
    {
        // What could not be read may hold anything.
        bool isGood = notification.Findings.Total == 0 && (!notification.IsPartial || rule.AllowsPartial);
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["quarantineState"] = isGood ? "Passed" : "Failed",
            ["quarantineDetails"] = DetailsOf(notification, isGood),
        });
    }

    // A JSON text within the JSON. The page leads to a schema that is no longer there; "state" is the member of its example.
    private static string DetailsOf(Notification notification, bool isGood) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["state"] = isGood ? "scan passed" : "scan failed",
        ["scanner"] = "ImageScanFunctions",
        ["scannedAt"] = notification.ScannedAt,
        ["rule"] = notification.Rule,
        ["findings"] = notification.Findings.Total,
        ["partial"] = notification.IsPartial,
        ["critical"] = notification.Counts.Critical,
        ["important"] = notification.Counts.Important,
        ["moderate"] = notification.Counts.Moderate,
        ["low"] = notification.Counts.Low,
    });
}
