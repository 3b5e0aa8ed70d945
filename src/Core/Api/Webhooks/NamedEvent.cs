using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>An event that is about an image of a registry that may be spoken for.</summary>
/// <param name="Said">What the registry said, with its host as in image names, and the digest if it was found out.</param>
/// <param name="Image">The image's name.</param>
internal sealed record NamedEvent(RegistryEvent Said, ImageReference Image)
{
    /// <summary>Whether two names of one image can be told only by asking the registry.</summary>
    public bool NeedsDigest => Image.Digest is null && Said.Action != RegistryAction.Delete;

    /// <summary>Reads an event; null if it is not about such an image.</summary>
    public static NamedEvent? Of(RegistryEvent said, WebhookRegistries registries) =>
        registries.Find(said.Host) is { } host && EventName.Of(said, host) is { } image ? new NamedEvent(said with { Host = host }, image) : null;

    /// <summary>The same, now that its digest is known.</summary>
    public NamedEvent With(Digest digest)
    {
        RegistryEvent found = Said with { Digest = digest.ToString() };
        return EventName.Of(found, Image.Registry) is { } image ? new NamedEvent(found, image) : this;
    }
}

/// <summary>What is to be done for events that are about the same: one scan, or one mark.</summary>
internal sealed class EventTask(IReadOnlyList<NamedEvent> events)
{
    public IReadOnlyList<RegistryEvent> Events => [.. events.Select(named => named.Said)];

    /// <summary>The names, each once, in the order of the events.</summary>
    public IReadOnlyList<ImageReference> Images { get; } = [.. events.Select(named => named.Image).DistinctBy(image => image.FullName)];

    public bool IsDelete => events[0].Said.Action == RegistryAction.Delete;

    /// <summary>Whether the registry waits to hear what is found.</summary>
    public bool IsQuarantined => events.Any(named => named.Said.Action == RegistryAction.Quarantine);

    /// <summary>
    /// Brings together what is about one digest of one repository; of several repositories the scans meet in their job, if the same cluster does them.
    /// </summary>
    public static IReadOnlyList<EventTask> Of(IReadOnlyList<NamedEvent> events) =>
    [
        .. events.GroupBy(named => named.Said.Action == RegistryAction.Delete
                ? $"- {named.Image.FullName}"
                : $"+ {named.Image.Registry}/{named.Image.Remote} {named.Image.Digest?.ToString() ?? named.Image.Tag}")
            .Select(group => new EventTask([.. group])),
    ];
}
