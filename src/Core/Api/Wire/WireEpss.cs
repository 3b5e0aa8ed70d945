namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.EPSS</c>.</summary>
public sealed record WireEpss
{
    public float EpssProbability { get; init; }

    public float EpssPercentile { get; init; }
}
