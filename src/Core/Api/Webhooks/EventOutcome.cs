using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>What has become of a registry's events.</summary>
public sealed record EventOutcome
{
    /// <summary>The jobs that scan the images, each once, with the name that the event had.</summary>
    public IReadOnlyList<EventJob> Jobs { get; init; } = [];

    /// <summary>How many events were taken: all of what they ask for is stored.</summary>
    public int Accepted { get; init; }

    /// <summary>How many of these are stored to be done in a moment, since there were too many for one request or no cluster takes them now.</summary>
    public int Later { get; init; }

    /// <summary>How many were about registries that the webhook may not speak for, or had no name that can be one.</summary>
    public int Dropped { get; init; }
}

/// <summary>A job that an event has begun or joined.</summary>
public sealed record EventJob(ScanJob Job, ImageReference Image);
