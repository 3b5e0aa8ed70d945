namespace ImageScan.Core.Api;

// Reports beside the image's own form: badges, VEX.
public static partial class Routes
{
    // Names of images have slashes, so the last part of the route is all the rest
    // (https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates).
    public const string GetBadge = "v1/badge/{*image}";

    /// <summary>What stands before the image's name.</summary>
    internal const string BadgePrefix = "v1/badge/";

    public const string Vex = "v1/vex";
    public const string VexDocument = "v1/vex/{id}";
}
