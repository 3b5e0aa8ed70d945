namespace ImageScan.Core.Api.Wire;

/// <summary>Our own: what has become of a webhook's request.</summary>
public sealed record WireWebhookAnswer
{
    /// <summary>The scans that were begun or joined, as <c>/v1/scans/{id}</c> shows them.</summary>
    public IReadOnlyList<WireWebhookJob> Jobs { get; init; } = [];

    /// <summary>How many events were taken.</summary>
    public int Accepted { get; init; }

    /// <summary>How many of these are stored and begun in a moment, since they came with many others.</summary>
    public int Later { get; init; }

    /// <summary>How many were about registries that this webhook may not speak for, or had no name that can be one.</summary>
    public int Dropped { get; init; }

    /// <summary>How many were about no image, or asked for nothing.</summary>
    public int Ignored { get; init; }
}

/// <summary>A scan, and under which name it was asked for.</summary>
public sealed record WireWebhookJob(string Id, string Image);

/// <summary>What Event Grid is told that asks whether its events are wanted.</summary>
public sealed record WireWebhookValidation(string ValidationResponse);
