using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// What is sent out after scans.
public static partial class Operations
{
    public static Operation ListFailedNotifications { get; } =
        new("ListFailedNotifications", "GET", Routes.FailedNotifications, RequiredAccess.Read)
        {
            Resource = "Integration",
            IsOwn = true,
            Summary = "Lists the notifications that could not be sent, the latest first.",
            Answer = typeof(WireFailedNotifications),
        };

    public static Operation RetryNotification { get; } =
        new("RetryNotification", "POST", Routes.RetryNotification, RequiredAccess.Admin)
        {
            Resource = "Integration",
            IsOwn = true,
            Changes = true,
            Summary = "Has a notification sent again that could not be sent.",
            Answer = typeof(WireEmpty),
        };

    private static IEnumerable<Operation> OfNotifications => [ListFailedNotifications, RetryNotification];
}
