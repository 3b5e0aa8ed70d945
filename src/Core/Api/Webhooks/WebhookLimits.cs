namespace ImageScan.Core.Api.Webhooks;

/// <summary>What a request of a webhook may be: <c>WebhookLimits__BodyBytes</c> and so on.</summary>
public sealed record WebhookLimits
{
    /// <summary>
    /// Bytes of a body. Event Grid sends batches of up to 1 MB (https://learn.microsoft.com/azure/event-grid/delivery-and-retry#output-batching).
    /// </summary>
    public int BodyBytes { get; init; } = 1 << 20;

    /// <summary>Events of a body; as many as a batch of Event Grid may have.</summary>
    public int Events { get; init; } = 5_000;

    /// <summary>Seconds that the time in a signed request may be away from ours, and for which the request is remembered.</summary>
    public int ReplaySeconds { get; init; } = 300;

    /// <summary>Requests of one provider that one instance takes in a minute; 0: as many as come.</summary>
    public int RequestsPerMinute { get; init; }
}
