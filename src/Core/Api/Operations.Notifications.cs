namespace ImageScan.Core.Api;

// What is sent out after scans.
public static partial class Operations
{
    private static IEnumerable<Operation> OfNotifications => [];
}
