using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>Makes a reading of the events of one request, by the rules that hold for all senders.</summary>
internal static class EventReading
{
    /// <summary>One well-formed event that is about no image.</summary>
    public static WebhookReading Ignored { get; } = new() { Ignored = 1 };

    /// <summary>
    /// The events; ignored are those that are null, that name nothing one could scan or miss (no repository, or neither tag nor digest), and those of
    /// what lies beside images.
    /// </summary>
    public static WebhookReading Of(params IEnumerable<RegistryEvent?> events)
    {
        List<RegistryEvent> told = [];
        int ignored = 0;
        foreach (RegistryEvent? registryEvent in events)
        {
            RegistryEvent? settled = registryEvent is null ? null : WithDigestInItsPlace(registryEvent);
            if (settled is { Repository.Length: > 0 } && (settled.Tag.Length > 0 || settled.Digest.Length > 0) && !PushedContent.IsCompanionTag(settled.Tag))
            {
                told.Add(settled);
            }
            else
            {
                ignored++;
            }
        }

        return new WebhookReading { Events = told, Ignored = ignored };
    }

    // Harbor gives the digest as the tag of what was pushed without one (https://github.com/goharbor/harbor/issues/19982).
    private static RegistryEvent WithDigestInItsPlace(RegistryEvent registryEvent) => Digest.TryParse(registryEvent.Tag, out Digest? digest)
        ? registryEvent with { Tag = "", Digest = registryEvent.Digest.Length > 0 ? registryEvent.Digest : digest.ToString() }
        : registryEvent;
}
