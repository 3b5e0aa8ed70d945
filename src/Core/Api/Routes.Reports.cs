namespace ImageScan.Core.Api;

// Reports beside the image's own form: badges, VEX.
public static partial class Routes
{
}
