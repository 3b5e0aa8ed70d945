namespace ImageScan.Core.Api;

// What is sent out after scans.
public static partial class Routes
{
}
