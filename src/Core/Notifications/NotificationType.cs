namespace ImageScan.Core.Notifications;

/// <summary>In which form something is sent, and to whom.</summary>
public enum NotificationType
{
    /// <summary>JSON of our own, signed by HMAC.</summary>
    Webhook,

    /// <summary>An incoming webhook of Slack.</summary>
    Slack,

    /// <summary>A webhook of Workflows in Microsoft Teams.</summary>
    Teams,

    /// <summary>A topic of Azure Event Grid, as CloudEvents.</summary>
    EventGrid,

    /// <summary>The state of quarantine of an image in Azure Container Registry.</summary>
    AcrQuarantine,
}
