namespace ImageScan.Core.Results;

/// <summary>When something is sent out.</summary>
public enum NotificationOccasion
{
    /// <summary>An image has findings that it had not when it was last saved: a scan has read them, or newer advisories know them.</summary>
    NewFindings,

    /// <summary>Newer advisories have changed the findings of a stored image: some came, went or got a fix.</summary>
    Changes,

    /// <summary>A scan is done.</summary>
    EveryScan,

    /// <summary>A scan is done, and a registry waits for its verdict.</summary>
    Verdict,
}
