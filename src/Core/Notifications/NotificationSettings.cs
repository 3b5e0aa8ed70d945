using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Notifications;

/// <summary>Who is told what after a scan: <c>Notifications__0__Name</c> and so on.</summary>
public sealed record NotificationSettings : SettingEntry
{
    /// <summary>What the rule is called in messages and rows; each has its own.</summary>
    public string Name { get; init; } = "";

    public NotificationType Type { get; init; } = NotificationType.Webhook;

    /// <summary>Where to send it; "" for <see cref="NotificationType.AcrQuarantine"/>, which goes to the image's own registry.</summary>
    public string Url { get; init; } = "";

    /// <summary>The key that a webhook is signed with, or an access key of the Event Grid topic; "" there for an identity.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The user-assigned identity that sends to Event Grid; "" for that of the environment, else the system's.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>How bad a finding must be.</summary>
    public Severity MinSeverity { get; init; } = Severity.Important;

    /// <summary>Occasions, separated by commas.</summary>
    public string On { get; init; } = "NewFindings,Changes";

    /// <summary>Whether only findings count that a version mends.</summary>
    public bool FixableOnly { get; init; }

    /// <summary>Patterns of images, separated by commas: <c>host/repository*</c>; "" for all.</summary>
    public string Images { get; init; } = "";

    /// <summary>Whether an image may leave its quarantine of which something could not be read or compared.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>Whether the receiver may have a private address, and plain http.</summary>
    public bool AllowPrivateAddress { get; init; }

    // A record would print its members into any log line that mentions it.
    public override string ToString() => $"NotificationSettings {Name}";
}
