namespace ImageScan.Core.Api;

// What registries tell of.
public static partial class Routes
{
}
