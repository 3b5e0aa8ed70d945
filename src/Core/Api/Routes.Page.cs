namespace ImageScan.Core.Api;

// The page for people, and what it alone asks.
public static partial class Routes
{
}
