using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageScan.Core.Telemetry;

/// <summary>What the app tells of its work, for OpenTelemetry: costs next to nothing while nobody listens.</summary>
public static class ScanTelemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "ImageScanFunctions";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}
