namespace ImageScan.Core.Notifications;

/// <summary>When something is sent out.</summary>
public enum NotificationOccasion
{
    /// <summary>A scan has found what the one before of the same image had not.</summary>
    NewFindings,

    /// <summary>Newer advisories have changed the findings of a stored image.</summary>
    Changes,

    /// <summary>A scan is done.</summary>
    EveryScan,
}
