namespace ImageScan.Core.Telemetry;

/// <summary>Where telemetry goes beside what the variables of OpenTelemetry and of Application Insights say; section <c>Telemetry</c>.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Whether spans and metrics are written to standard output, for people who look.</summary>
    public bool Console { get; init; }

    /// <summary>A file that spans are added to, as lines of OTLP's JSON; "" for none.</summary>
    public string File { get; init; } = "";

    /// <summary>How many of a hundred traces Application Insights gets; metrics are counted whole.</summary>
    public int TracePercent { get; init; } = 100;
}
