namespace ImageScan.Core.Scans;

/// <summary>How long what is stored is kept: <c>Retention__ResultDays</c> and so on.</summary>
public sealed record RetentionSettings
{
    /// <summary>Days after which the result of an image goes that nobody has asked to scan; 0 to keep it for ever.</summary>
    public int ResultDays { get; init; }

    /// <summary>Days after which an image goes that registries have said to be gone; 0 for no sooner than others.</summary>
    public int RemovedDays { get; init; }

    /// <summary>Days after which jobs go.</summary>
    public int JobDays { get; init; } = 7;

    /// <summary>Days after which the bodies of a layer's files go if no image was scanned that has it; 0 to keep them as long as one has it.</summary>
    public int BundleDays { get; init; } = 90;

    /// <summary>
    /// Days after which an exception goes that is over, denied or taken back; 0 to keep it for ever. StackRox keeps them as long
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/config/datastore/singleton.go).
    /// </summary>
    public int ExceptionDays { get; init; } = 90;

    /// <summary>Days after which a notification goes that could not be sent.</summary>
    public int NotificationDays { get; init; } = 30;

    /// <summary>Days after which the record of a change goes.</summary>
    public int AuditDays { get; init; } = 365;
}
