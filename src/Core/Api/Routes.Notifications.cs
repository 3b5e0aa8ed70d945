namespace ImageScan.Core.Api;

// What is sent out after scans.
public static partial class Routes
{
    public const string FailedNotifications = "v1/notifications/failed";
    public const string RetryNotification = "v1/notifications/failed/{id}/retry";
}
