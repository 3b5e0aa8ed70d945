namespace ImageScan.Core.Api;

// Which registries and scanners there are.
public static partial class Routes
{
}
